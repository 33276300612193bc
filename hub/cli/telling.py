"""What telling others needs of the composition root: a courier for each agreement whose transport there is, and the intake of answers."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from hub.cli.composition import House
from hub.engine.following import Follower
from hub.engine.reading import Reading
from hub.engine.store import marks
from hub.model.errors import Misconfigured
from hub.model.projection import Projection
from hub.privacy.agreements import agreed
from hub.sharing.agreement import NoticeAgreement, Status, Transport
from hub.shipped import shipped
from hub.telling.answers import Answers
from hub.telling.courier import NoticeCourier
from hub.telling.endpoints import Endpoints
from hub.telling.folder import FolderTransport
from hub.telling.folder_answers import FolderAnswers
from hub.telling.intake import TOPIC, Intake
from hub.telling.opening import Opening
from hub.telling.posting import trusting
from hub.telling.topic import TopicTransport
from hub.telling.transport import Transport as Carrying
from hub.telling.webhook import WebhookTransport

LEDGER, TOLD = "told-ledger", "tell-us-once"


def tells(house: House) -> bool:
    """Whether this hub tells anybody; those of proofs and benchmarks of the engine alone do not."""
    return TOPIC in house.contracts.topics and any(each.name == LEDGER for each in house.views.projections)


def ledger(house: House) -> Projection[Any]:
    """The ledger's rows."""
    return next(each for each in house.views.projections if each.name == LEDGER)


def told(house: House) -> Projection[Any]:
    """The rows of what happened to whom."""
    return next(each for each in house.views.projections if each.name == TOLD)


def answers(house: House) -> Answers:
    """Takes what recipients say."""
    reading = Reading(store=house.store, contracts=house.contracts)
    return Answers(
        store=house.store, contracts=house.contracts, keys=house.keys, reading=reading, ledger=ledger(house),
        controller=house.settings.controller,
    )  # fmt: skip


def intake(house: House) -> Follower:
    """Takes what recipients write to Kafka."""
    holder = house.holder if house.settings.postgresql else ""
    return Follower(task=Intake(answers=answers(house)), store=house.store, contracts=house.contracts, holder=holder)


@cache
def agreements() -> Callable[[], Mapping[str, NoticeAgreement]]:
    """The shipped agreements, read once."""
    return agreed(shipped("policies"))


def waiting(house: House) -> int:
    """How many lines have a message that is planned and can travel; raises Unavailable."""
    placed = {*house.settings.webhooks, *house.settings.folders}
    active = [each for each in agreements()().values() if each.status is Status.ACTIVE]
    ways = [each.id for each in active if each.transport is Transport.TOPIC or each.id in placed]
    sql = f"SELECT COUNT(*) FROM told_ledger_v1 WHERE progress = 'PLANNED' AND agreement IN ({marks(len(ways))})"  # noqa: S608 - places only
    with house.store.read() as tx:
        return int(tx.rows(sql, ways)[0][0])


def couriers(house: House) -> Iterator[NoticeCourier]:
    """One for each active agreement, whether or not it is in force today: what was told is corrected after it has ended."""
    told_by_webhook(house)
    _told_by(Transport.FILE, "folders", house.settings.folders)
    for agreement in agreements()().values():
        transport = transport_of(house, agreement)
        if agreement.status is Status.ACTIVE and transport is not None:
            yield courier(house, agreement, transport)


def laid_down(house: House) -> Iterator[FolderAnswers]:
    """One for each active agreement whose recipient answers in its folder."""
    for name, agreement in _told_by(Transport.FILE, "folders", house.settings.folders).items():
        if name in house.settings.folders:
            yield FolderAnswers(agreement=agreement, folder=house.settings.folders[name], answers=answers(house))


def transport_of(house: House, agreement: NoticeAgreement) -> Carrying | None:
    """How this agreement's notices travel; None where there is no such way, or no address, and they stay planned."""
    if agreement.transport is Transport.TOPIC:
        return TopicTransport(agreement=agreement, kafka=house.kafka)
    if agreement.transport is Transport.WEBHOOK and agreement.id in house.settings.webhooks:
        return _webhook(house, agreement)
    if agreement.transport is Transport.FILE and agreement.id in house.settings.folders:
        return FolderTransport(agreement=agreement, folder=house.settings.folders[agreement.id], clock=lambda: datetime.now(UTC))
    return None


def told_by_webhook(house: House) -> dict[str, NoticeAgreement]:
    """The active agreements whose notices are posted; raises Misconfigured where an address is set for another."""
    return _told_by(Transport.WEBHOOK, "webhooks", house.settings.webhooks)


def _told_by(transport: Transport, setting: str, named: Mapping[str, Any]) -> dict[str, NoticeAgreement]:
    found = {each.id: each for each in agreements()().values() if each.status is Status.ACTIVE and each.transport is transport}
    for name in named:
        if name not in found:
            why = f"is not an active agreement with the transport {transport.value}"
            raise Misconfigured(f"{setting}.{name}", why, f"one of {', '.join(found)}")
    return found


def _webhook(house: House, agreement: NoticeAgreement) -> WebhookTransport:
    said = house.settings.webhooks[agreement.id]
    try:
        trust = trusting(None if said.authority is None else str(said.authority))
    except OSError:
        raise Misconfigured(f"webhooks.{agreement.id}.authority", "is not a file with a certificate") from None
    return WebhookTransport(
        agreement=agreement, url=said.url, secrets=said.secrets, ports=said.ports, inside=said.inside, trust=trust,
        endpoints=Endpoints(store=house.store), clock=lambda: datetime.now(UTC),
    )  # fmt: skip


def courier(house: House, agreement: NoticeAgreement, transport: Carrying) -> NoticeCourier:
    """Carries one agreement's notices by this transport."""
    reading = Reading(store=house.store, contracts=house.contracts)
    opening = Opening(store=house.store, contracts=house.contracts, keys=house.keys, reading=reading, told=told(house))
    return NoticeCourier(
        agreement=agreement, transport=transport, opening=opening, ledger=ledger(house), reading=reading, store=house.store,
        contracts=house.contracts, keys=house.keys, controller=house.settings.controller, holder=house.holder,
        failpoints=house.failpoints, alone=not house.settings.postgresql,
    )  # fmt: skip
