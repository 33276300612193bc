"""The matches of addresses once more, under the place that was found."""

from hub.contracts.addresses import AddressMatched
from hub.model.route import Route


def _place(event: AddressMatched) -> tuple[str, ...]:
    return (event.place_id,) if event.place_id else ()


ROUTE = Route(
    name="addresses-by-place", reads=("addresses",), topic="addresses-by-place", keys=_place, needs={AddressMatched: ("place_id",)}
)
