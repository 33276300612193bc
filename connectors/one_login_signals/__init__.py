"""GOV.UK One Login's signals about deaths: security event tokens (RFC 8417), each a file in a folder, believed only if signed."""

from functools import partial

from connectors.one_login_signals.polling import OneLoginSignals, Signal, poll
from connectors.one_login_signals.translating import translate
from connectors.surroundings import Surroundings
from hub.model.connector import Source

__all__ = ["OneLoginSignals", "source"]


def source(config: OneLoginSignals, surroundings: Surroundings) -> Source:
    """The source that `config` describes."""
    return Source(
        name=config.name,
        system=config.system,
        controller=config.controller,
        poll=partial(poll, config, surroundings),
        translate=partial(translate, surroundings, config.already_told),
        origin=_origin,
        compared=True,
    )


def _origin(record: Signal) -> str:
    return record.file
