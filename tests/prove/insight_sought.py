"""What else happens in the town that figures are made of: complaints, pages that grow old, people who are sought out or shield."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from hub.contracts.complaint_words import ComplaintOrigin, ComplaintOutcome, ComplaintScheme, ComplaintSubject
from hub.contracts.complaints import ComplaintLogged, ComplaintStageClosed
from hub.contracts.content import ContentExpired, ContentPublished
from hub.contracts.insight_words import SegmentScheme, SupportNetwork
from hub.contracts.outreach import CohortListPublished, OutreachListPublished, OutreachMade, SupportStarted
from hub.contracts.profiles import SegmentAssigned
from hub.contracts.shielding import ShieldedPersonContacted, ShieldingListReceived, SupportNetworkAssessed
from hub.contracts.vocabulary import Channel
from hub.model.event import Event

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
SERVICES = ("524", "57", None)
HOME = "tameside"


def sought(random: Random, number: int) -> Iterator[Event]:
    """One complaint, one page, one person on a list of each sort."""
    yield SegmentAssigned(
        occurred_at=_at(random), party_id=f"p{number}", scheme=random.choice(list(SegmentScheme)), code="6a1", as_of=BEGIN.date(),
        organisation=HOME,
    )  # fmt: skip
    yield from _complained(random, f"g{number}")
    yield from _written(random, f"w{number}")
    yield from _looked_for(random, f"o{number}")
    yield from _shielded(random, f"s{number}")


def _at(random: Random) -> datetime:
    return BEGIN + timedelta(minutes=random.randrange(60 * 24 * 60))


def _complained(random: Random, name: str) -> Iterator[Event]:
    at = _at(random)
    yield ComplaintLogged(
        occurred_at=at, complaint_id=name, scheme=ComplaintScheme.CORPORATE, policy="ours", subject_type=ComplaintSubject.SERVICES,
        origin=ComplaintOrigin.DIRECT, organisation=HOME, team="complaints", service=random.choice(SERVICES),
    )  # fmt: skip
    for stage in range(1, random.choice((1, 2, 3))):
        yield ComplaintStageClosed(
            occurred_at=at + timedelta(days=random.randrange(9)), complaint_id=name, stage=stage, post="head",
            outcome=random.choice(list(ComplaintOutcome)),
        )  # fmt: skip


def _written(random: Random, name: str) -> Iterator[Event]:
    at = _at(random)
    review_by = random.choice((None, (at + timedelta(days=random.randrange(90))).date()))
    yield ContentPublished(
        occurred_at=at, page_id=name, organisation=HOME, title="Bins", service=random.choice(SERVICES), review_by=review_by
    )
    if random.random() < 0.4:
        at += timedelta(days=random.choice((-3, 3)))
        yield ContentExpired(occurred_at=at, page_id=name, organisation=HOME, withdrawn=random.random() < 0.5)


def _looked_for(random: Random, name: str) -> Iterator[Event]:
    at, service = _at(random), random.choice(SERVICES)
    if random.random() < 0.5:
        yield CohortListPublished(
            occurred_at=at, outreach_id=name, list_name="arrears", organisation=HOME, subject="p1", rule="arrears", service=service
        )
    else:
        yield OutreachListPublished(occurred_at=at, outreach_id=name, list_name="sleepers", organisation=HOME, service=service)
    for _ in range(random.choice((0, 1, 2))):
        yield OutreachMade(
            occurred_at=at + timedelta(hours=random.randrange(-9, 90)), outreach_id=name, channel=Channel.PHONE, organisation=HOME,
            need_found=random.choice((None, True, False)),
        )  # fmt: skip
    if random.random() < 0.5:
        yield SupportStarted(occurred_at=at, outreach_id=name, support="floating", organisation=HOME)


def _shielded(random: Random, name: str) -> Iterator[Event]:
    at = _at(random)
    yield ShieldingListReceived(
        occurred_at=at, shielding_id=name, list_name="spring", organisation=HOME, subject="p1", received_from="nhs-england",
        expires_on=(at + timedelta(days=random.randrange(90))).date(),
    )  # fmt: skip
    if random.random() < 0.8:
        isolated = random.choice((None, True, False))
        yield SupportNetworkAssessed(occurred_at=at, shielding_id=name, network=random.choice(list(SupportNetwork)), isolated=isolated)
    for _ in range(random.choice((0, 1, 2))):
        reached = random.random() < 0.5
        yield ShieldedPersonContacted(occurred_at=at, shielding_id=name, channel=Channel.PHONE, organisation=HOME, reached=reached)
