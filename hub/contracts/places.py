"""Which addresses there are, and which of them the addresses of parties mean."""

from dataclasses import dataclass

from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class GazetteerUpdated(Event):
    """The local gazetteer says what stands at a place (BS 7666)."""

    place_id: str
    uprn: str
    edition: str
    custodian: str
    logical_status: int
    blpu_state: int | None = None
    parent_uprn: str | None = None
    usrn: str | None = None
    lpi_key: str | None = None
    organisation: str | None = None
    address: str
    postcode: str | None = None
    locality: str | None = None
    withdrawn: bool


PlaceEvent = GazetteerUpdated
"""Every event of this kind: `match` over it ends in `assert_never`."""
