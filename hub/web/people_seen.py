"""What the routes and the pages about people share: ask the entrance first, have every look recorded, and only then show."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from hub.people.person import CLASS_OF, facts
from hub.people.searching import Count, Hits, Search
from hub.people.standing import When
from hub.people.view import Found, Moved, Seen, View, sights
from hub.privacy.access import Act, Allowed, Asked, decide_access
from hub.privacy.search_words import FIELD_OF, SearchKind, asked_words
from hub.web import people_answers as answers
from hub.web.entrance import Entrance, Visitor
from hub.web.threads import Threads


class NothingAsked(Exception):
    """No fact was given that anybody can be found by."""


class NotSearchable(Exception):
    """The policy does not let this purpose search by one of the facts."""


@dataclass(frozen=True, kw_only=True)
class People:
    """Reads and finds people for whoever may see them; every method raises Refused and Unavailable."""

    view: View
    search: Search
    entrance: Entrance
    threads: Threads

    async def one(self, visitor: Visitor, route: str, customer_id: str, when: When) -> Seen | Moved | None:
        """The customer as this visitor may see them; None where nobody has heard of the id."""
        purpose = self.entrance.policy.purposes.get(visitor.purpose or "")
        despite = purpose is not None and purpose.sees_restricted
        found = await self.threads.run(partial(self.view.find, customer_id, when, restricted_too=despite))
        persons = [each for each in found.asked if each.record_class == "person"] if isinstance(found, Found) else []
        if not any(isinstance(decide_access(self.entrance.policy, visitor.reader, each), Allowed) for each in persons):
            await self.entrance.look(visitor, route, *persons or [_anybody(visitor)])  # a case one may see does not open the person
        if not isinstance(found, Found):
            return found
        allowed = await self.entrance.look(visitor, route, *found.asked, partly=True) if found.asked else {}
        return await self.threads.run(self.view.show, found, allowed, when)

    async def look_for(self, visitor: Visitor, route: str, given: Mapping[SearchKind, str]) -> answers.SearchAnswer:
        """Who may be meant, everybody listed recorded; raises NothingAsked and NotSearchable too."""
        if not given or not all(asked_words(kind, said) for kind, said in given.items()):
            raise NothingAsked
        await self._may_search(visitor, route, given)
        answer = await self.threads.run(self.search, visitor.account.organisation, given)
        if isinstance(answer, Count):
            return answers.SearchAnswer(people=answer.people, needs_one_more_fact=True, more=False, hits=[])
        return await self._listed(visitor, route, answer)

    async def _may_search(self, visitor: Visitor, route: str, given: Mapping[SearchKind, str]) -> None:
        """A kind that is hidden for the purpose is not searched by."""
        fields, mine = sorted({FIELD_OF[kind] for kind in given}), visitor.account.organisation
        asked = {field: Asked(record_class=CLASS_OF[field], controller=mine, act=Act.SEARCH) for field in fields}
        said = "\n".join(f"{kind.value}={value}" for kind, value in sorted(given.items()))
        allowed = await self.entrance.look(visitor, route, *dict.fromkeys(asked.values()), search=said)
        if any(field not in allowed[asked[field]].searchable for field in fields):
            raise NotSearchable

    async def _listed(self, visitor: Visitor, route: str, hits: Hits) -> answers.SearchAnswer:
        asked = [
            Asked(record_class=name, controller=known.opened[-1].controller, party=known.standing.party_id)
            for known in hits.parties
            for name in ("person", "whereabouts")
        ]
        allowed = await self.entrance.look(visitor, route, *asked, partly=True) if asked else {}
        seen = {each.party for each in allowed}
        shown = [
            answers.Hit(
                customer_id=known.link.customer, party_id=known.standing.party_id,
                facts=[answers.fact(each) for each in facts([known], sights(allowed))],
            )
            for known in hits.parties
            if known.standing.party_id in seen
        ]  # fmt: skip
        people = len({hit.customer_id or hit.party_id for hit in shown})
        return answers.SearchAnswer(people=people, needs_one_more_fact=False, more=hits.more, hits=shown)


def _anybody(visitor: Visitor) -> Asked:
    """The question whether this visitor may look at people at all."""
    return Asked(record_class="person", controller=visitor.account.organisation)
