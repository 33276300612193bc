"""What is left of a record's values for somebody who may see some of them: by the schema's tags, never by names of fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hub.privacy.access import Allowed, Sight


@dataclass(frozen=True, slots=True)
class Masked:
    """Stands where there is a value that may not be seen for this purpose."""

    def __str__(self) -> str:
        """As people read it."""
        return "Held, not shown"


MASKED = Masked()


def masked(values: Mapping[str, object], personal: Iterable[str], allowed: Allowed) -> dict[str, object]:
    """The values that may leave: a field that is not personal as it is, a personal one by what is allowed, and no trace of a hidden one.

    `personal` are the fields that the schema tags; there is no list of names that could forget one.
    """
    tagged = frozenset(personal)
    seen = {name: allowed.sight(name) if name in tagged else Sight.SHOWN for name in values}
    left = {name: value for name, value in values.items() if seen[name] is not Sight.HIDDEN}
    return {name: MASKED if seen[name] is Sight.MASKED and value is not None else value for name, value in left.items()}
