"""The Department for Work and Pensions' daily files of changes of circumstances: text files in a folder, at times thousands."""

from functools import partial
from typing import Literal

from pydantic import Field

from connectors.dropped_files import FileDrop
from connectors.dwp_changes.file import Change, poll
from connectors.dwp_changes.translating import translate
from connectors.surroundings import Surroundings
from hub.model.connector import Source

__all__ = ["DwpChanges", "source"]


class DwpChanges(FileDrop):
    """Where the files are dropped, how many are read at once, from which age on a change is out of date, and whom it was told besides."""

    kind: Literal["dwp_changes"]
    pattern: str = "*.txt"
    most_files: int = Field(default=50_000, gt=0)
    files_at_once: int = Field(default=250, gt=0, le=1000)
    oldest_days: int = Field(default=400, gt=0)
    already_told: tuple[str, ...] = ()


def source(config: DwpChanges, surroundings: Surroundings) -> Source:
    """The source that `config` describes."""
    return Source(
        name=config.name,
        system=config.system,
        controller=config.controller,
        poll=partial(poll, config, surroundings, config.files_at_once),
        translate=partial(translate, surroundings, config.oldest_days, config.already_told),
        origin=_origin,
        compared=True,
    )


def _origin(record: Change) -> str:
    return f"{record.file} line {record.line}"
