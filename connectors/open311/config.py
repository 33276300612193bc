"""What a council declares of its Open311 endpoint."""

from datetime import datetime
from typing import Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from connectors.vocabulary import ChannelMeaning, Connection, Vocabulary


class Open311(Connection):
    """One GeoReport v2 endpoint: `url` of its API, or `discovery`, the address of its service discovery document.

    `begin` is the date of its oldest request worth having, `until` that of its newest, where the endpoint is an archive. A sweep asks for
    every window from `begin` on at least every `full_sweep_hours`, for the last `look_back_days` at each poll. A reply of `reply_limit`
    requests or more may have been cut short: the window is halved and asked again. With `updates` the history of a request comes from
    mySociety's `servicerequestupdates`, else from Chicago's notes, else from the request's own status.
    """

    kind: Literal["open311"]
    url: str | None = None
    discovery: str | None = None
    format: Literal["json", "xml"] = "json"
    jurisdiction: str | None = None
    begin: AwareDatetime
    until: AwareDatetime | None = None
    window_days: int = Field(default=90, ge=1, le=90)
    look_back_days: int = Field(default=90, ge=1)
    full_sweep_hours: int = Field(default=24, ge=1)
    reply_limit: int = Field(default=1000, ge=1)
    timeout_seconds: float = Field(default=30, gt=0)
    updates: bool = False
    owner: str = Field(min_length=1)
    locality_attribute: str | None = None
    address_id_is_uprn: bool = False
    default_channel: ChannelMeaning | None = None
    vocabulary: Vocabulary = Vocabulary()

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        if (self.url is None) == (self.discovery is None):
            raise ValueError("give either `url` or `discovery`")
        return self

    def horizon(self, now: datetime) -> datetime:
        """Up to when requests are asked for; the caller adds what clocks may differ by."""
        return min(now, self.until) if self.until else now
