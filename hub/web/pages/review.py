"""Doubtful matches: a steward answers by what the records say, then sees what the matcher thought, and only then decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, cast

from fastapi import APIRouter, Path, Request, Response
from starlette.exceptions import HTTPException

from hub.commands import PERSON
from hub.commands.person import DecideMatch, UndoDecision
from hub.contracts.people_words import MatchAnswer
from hub.engine.commanding import Accepted
from hub.engine.commanding import Request as Asking
from hub.engine.reading import Query
from hub.people.links import links_of
from hub.people.person import facts
from hub.people.view import sights
from hub.privacy.access import Act, Asked
from hub.web import people_answers as answers
from hub.web.entrance import Visitor
from hub.web.fields import KEY
from hub.web.pages.framework import Framework, Wrong
from hub.web.pages.person import LABELS, shown
from hub.web.people_seen import People
from projections.review_queue import PROJECTION as REVIEWS
from projections.review_queue import Review

ReviewId = Annotated[str, Path(pattern=KEY)]
MATCHES = "matches"
SHOWN = 50
ANSWERS = {"SAME": "The same person", "DIFFERENT": "Different people", "CANT_TELL": "I cannot tell"}
_CLASSES = ("person", "whereabouts", "reach", "numbers")


@dataclass(frozen=True, kw_only=True)
class _Reviews:
    """What the routes have in common."""

    framework: Framework
    people: People

    async def visitor(self, request: Request, act: Act) -> Visitor:
        """Whoever may look at matches, or decide them."""
        visitor = await self.framework.signed_in(request, purpose=True)
        asked = Asked(record_class=MATCHES, controller=visitor.account.organisation, act=act)
        await self.framework.entrance.look(visitor, request.scope["route"].path, asked)
        return visitor

    async def found(self, review_id: str) -> Review:
        """The review, which must be there."""
        desk = self.framework.desk
        review = (await desk.threads.run(desk.reading.find, REVIEWS, review_id)).facts
        if review is None or review.party_id is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return review  # type: ignore[no-any-return]  # facts are as their projection has them

    async def sides(self, visitor: Visitor, route: str, review: Review) -> list[Any]:
        """What may be seen of either record, recorded as seen."""
        known = await self.people.threads.run(self.people.view.parties, [str(review.party_id), str(review.other_party_id)])
        asked = [
            Asked(record_class=name, controller=each.opened[-1].controller, party=each.standing.party_id)
            for each in known
            if each.opened and not each.hidden
            for name in _CLASSES
        ]
        allowed = await self.framework.entrance.look(visitor, route, *asked, partly=True) if asked else {}
        return [{fact.field: answers.fact(fact) for fact in facts([each], sights(allowed))} for each in known]

    async def decide(self, visitor: Visitor, command: Any) -> bool:
        """Have it decided; asked again, it is decided once."""
        desk, named = self.framework.desk, sha256(f"{command} {visitor.account.account_id}".encode()).hexdigest()
        asked = Asking(key=command.party_id, command=command, idempotency_key=named, said=named.encode())
        return isinstance(await desk.threads.run(desk.commander.carry_out, PERSON, asked), Accepted)

    async def page(self, request: Request, visitor: Visitor, review: Review, wrong: Sequence[Wrong] = (), blind: str = "") -> Response:
        """Both records side by side; what the matcher thought only after a first answer."""
        given: dict[str, Any] = {"review": review, "labels": LABELS, "shown": shown, "answers": ANSWERS, "blind": blind}
        given["sides"] = await self.sides(visitor, request.scope["route"].path, review)
        given["records"] = await self.people.threads.run(_records, self.people, review) if blind else 0
        return self.framework.page(request, visitor, "review.html", status=422 if wrong else 200, wrong=wrong, **given)


def review_pages(framework: Framework, people: People) -> APIRouter:
    """The queue, one review, its answer, and the way back."""
    routes, desk, reviews = APIRouter(), framework.desk, _Reviews(framework=framework, people=people)

    @routes.get("/reviews")
    async def queue(request: Request) -> Response:
        visitor, waiting = await reviews.visitor(request, Act.READ), cast("str", True)
        page = await desk.threads.run(desk.reading.page, REVIEWS, Query(newest="held_since", limit=SHOWN, where={"open": waiting}))
        return framework.page(request, visitor, "reviews.html", items=page.items, more=page.after is not None)

    @routes.get("/reviews/{review_id}")
    async def one(request: Request, review_id: ReviewId) -> Response:
        return await reviews.page(request, await reviews.visitor(request, Act.READ), await reviews.found(review_id))

    @routes.post("/reviews/{review_id}")
    async def answer(request: Request, review_id: ReviewId) -> Response:
        fields, visitor = await framework.form(request), await reviews.visitor(request, Act.WRITE)
        review, said, blind = await reviews.found(review_id), fields.get("answer", ""), fields.get("blind", "")
        if said not in ANSWERS or (blind and blind not in ANSWERS):
            return await reviews.page(request, visitor, review, [Wrong("answer", framework.words(request)("Choose an answer"))])
        if not blind:
            return await reviews.page(request, visitor, review, blind=said)
        await reviews.decide(visitor, _decision(visitor, review, MatchAnswer(said), MatchAnswer(blind)))
        return framework.go(f"/reviews/{review_id}")

    @routes.post("/reviews/{review_id}/undo")
    async def undo(request: Request, review_id: ReviewId) -> Response:
        await framework.form(request)
        visitor, review = await reviews.visitor(request, Act.WRITE), await reviews.found(review_id)
        if review.decision_id is not None:
            by, party = visitor.account.account_id, str(review.party_id)
            await reviews.decide(visitor, UndoDecision(party_id=party, at=_now(), decision_id=review.decision_id, decided_by=by))
        return framework.go(f"/reviews/{review_id}")

    return routes


def _decision(visitor: Visitor, review: Review, answer: MatchAnswer, blind: MatchAnswer) -> DecideMatch:
    """What was answered, on what was on screen."""
    return DecideMatch(
        party_id=str(review.party_id), at=_now(), party_ids=(str(review.party_id),), other_party_ids=(str(review.other_party_id),),
        answer=answer, decided_by=visitor.account.account_id, review_id=review.review_id, model_version=review.model_version,
        bits=review.bits, evidence=review.evidence, blind_answer=blind,
    )  # fmt: skip


def _records(people: People, review: Review) -> int:
    """How many records would be one person's."""
    customers = dict.fromkeys((review.customer_id, review.other_customer_id))
    with people.view.store.read() as tx:
        return sum(len(links_of(tx, customer)) for customer in customers if customer)


def _now() -> datetime:
    return datetime.now(UTC)
