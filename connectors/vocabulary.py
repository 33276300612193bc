"""What a source's own words mean in the hub's: declared per source, never guessed."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field, field_validator

from hub.configuration import Configuration
from hub.contracts.vocabulary import CaseKind, CaseOutcome, CaseStatus, Channel, Office, TransactionCategory

REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What may stand in a key: letters, digits, dot, dash, underscore. A source whose numbers do not fit is refused row by row."""

OUTCOMES: Mapping[CaseStatus, CaseOutcome] = {
    CaseStatus.FIXED: CaseOutcome.RESOLVED,
    CaseStatus.CLOSED: CaseOutcome.RESOLVED,
    CaseStatus.DUPLICATE: CaseOutcome.DUPLICATE,
    CaseStatus.NOT_COUNCILS_RESPONSIBILITY: CaseOutcome.NOT_OUR_RESPONSIBILITY,
    CaseStatus.NO_FURTHER_ACTION: CaseOutcome.NO_ACTION_NEEDED,
    CaseStatus.INTERNAL_REFERRAL: CaseOutcome.REFERRED,
    CaseStatus.REFERRED: CaseOutcome.REFERRED,
    CaseStatus.CANCELLED: CaseOutcome.CANCELLED,
}
"""The statuses that end a case, after the mySociety extension of Open311, and how it ended; in any other status the case is open."""


class ChannelMeaning(Configuration):
    """One word for a channel: which channel, whose office took it, and whether a customer was there at all."""

    channel: Channel
    office: Office = Office.FRONT
    customer: bool = True


class ServiceMeaning(Configuration):
    """One name of a service: its LGSL and LGIL codes where they honestly fit, else none."""

    lgsl: int | None = Field(default=None, ge=0)
    lgil: int | None = Field(default=None, ge=0)
    kind: CaseKind = CaseKind.SERVICE_REQUEST
    category: TransactionCategory | None = None


UNLISTED = ServiceMeaning()
"""A service nobody has mapped: known by its name only."""


def _widen(value: Any, name: str) -> Any:
    return {name: value} if isinstance(value, str | int) else value


class Vocabulary(Configuration):
    """The words of one system, shared by all its layouts.

    A channel may be written short (`Call: PHONE`), a service too (`Pothole: 557`). `offices` says which takers of contacts are front office
    and which back, `teams` which codes are one team. A channel or status not listed is refused; a service, office or team not listed
    stays as the source has it.
    """

    channels: dict[str, ChannelMeaning] = Field(default_factory=dict)
    services: dict[str, ServiceMeaning] = Field(default_factory=dict)
    statuses: dict[str, CaseStatus] = Field(default_factory=dict)
    offices: dict[str, Office] = Field(default_factory=dict)
    teams: dict[str, str] = Field(default_factory=dict)

    @field_validator("channels", mode="before")
    @classmethod
    def _short_channels(cls, value: Any) -> Any:
        return {word: _widen(meaning, "channel") for word, meaning in value.items()} if isinstance(value, Mapping) else value

    @field_validator("services", mode="before")
    @classmethod
    def _short_services(cls, value: Any) -> Any:
        return {word: _widen(meaning, "lgsl") for word, meaning in value.items()} if isinstance(value, Mapping) else value


class Connection(Configuration):
    """What every source declares: its own name, which system speaks, who answers for its data, and which organisation does the work.

    It is asked again `every_seconds` once it has nothing more, and gives at most `most_per_second` records, so that years of history do
    not crowd out the day's work.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    every_seconds: float = Field(default=300, gt=0)
    most_per_second: float | None = Field(default=None, gt=0)
    system: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    controller: str = Field(min_length=1)
    organisation: str = Field(min_length=1)
