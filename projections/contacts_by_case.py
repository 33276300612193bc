"""Which contacts were about this case? Each link of a contact to a case once more, under the case."""

from hub.contracts.contacts import ContactLinkedToCase
from hub.model.route import Route


def _case(event: ContactLinkedToCase) -> tuple[str, ...]:
    return (event.case_id,)


ROUTE = Route(
    name="contacts-by-case",
    reads=("contacts",),
    topic="contacts-by-case",
    keys=_case,
    needs={ContactLinkedToCase: ("case_id",)},
)
