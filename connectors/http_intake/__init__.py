"""Records that others post to the hub: each post is durable before it is answered, and read from there as any source is.

Who posts shows a bearer token, or signs as Standard Webhooks does. What a post says is mapped as rows are.
"""

from functools import partial

from connectors.http_door import Intake, Unwelcome, admitted
from connectors.http_intake.reading import HttpRows, poll
from connectors.rows import row_source
from connectors.surroundings import Surroundings
from hub.model.connector import Source

__all__ = ["HttpRows", "Intake", "Unwelcome", "admitted", "source"]


def source(config: HttpRows, surroundings: Surroundings) -> Source:
    """The source that `config` describes."""
    return row_source(config, surroundings, partial(poll, config, surroundings))
