"""What people need of the composition root: ids for what sources say of them, the partnership, and the identity process."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from hub.cli.composition import House
from hub.configuration import checked, load_document
from hub.contracts.partitioning import partition_of
from hub.engine.bundle import Bundle
from hub.engine.catalogue import create
from hub.engine.watch import Watch
from hub.identity import model
from hub.model.connector import Source
from hub.model.errors import Misconfigured
from hub.model.route import Route
from hub.people.deciding import NAME, READS, WRITES, IdentityWorker, Past, past_on
from hub.people.feeding import IdentityFeeder
from hub.people.models import Models
from hub.privacy.organisations import Partnership, may_match
from hub.privacy.partnership import load_partnership
from hub.privacy.tiers import Provider, load_tiers, provider
from hub.shipped import shipped

if TYPE_CHECKING:
    from httpx2 import AsyncClient

    from connectors.gazetteer import Places
    from connectors.surroundings import Gazetteer, PartyId, Surroundings  # a third of a second to import, which few commands need

SHIPPED_MODEL = "em.json"
GAZETTEER = "gazetteer"


def _nowhere(_: object) -> tuple[str, ...]:
    return ()


INBOX = Bundle(name=NAME, routes=(Route(name=NAME, reads=(READS,), topic=WRITES, keys=_nowhere, needs={}),))
"""The inbox in which the identity process keeps its position: the engine makes it as it makes a route's."""


def has_people(house: House) -> bool:
    """Whether this hub's contracts know of parties; those of proofs and benchmarks of the engine alone do not."""
    return READS in house.contracts.topics


def names_of(house: House) -> frozenset[str]:
    """The views that this hub serves, by name."""
    return frozenset(projection.name for projection in house.views.projections)


def begin_identity(house: House, watch: Watch) -> list[str]:
    """Begin the identity process in a store that does not know it."""
    if not has_people(house):
        return []
    begun = create(house.store, INBOX, 1, {}, {}, watch.topic_ids((READS,)))
    return [f"{reader.name} process" for reader in begun]


def identity_feeder(house: House) -> IdentityFeeder:
    """The identity process with everything it needs; raises Misconfigured for weights that do not fit this release."""
    return IdentityFeeder(worker=identity_worker(house), store=house.store, kafka=house.kafka, holder=house.holder)


def identity_worker(house: House, past: Past | None = None) -> IdentityWorker:
    """The identity process on this house's store; raises Misconfigured for weights that do not fit this release."""
    models = Models(store=house.store, mine=load_weights(house.settings.identity.model))
    return IdentityWorker(
        models=models.known, accept_reserved=house.settings.identity.accept_reserved, store=house.store, contracts=house.contracts,
        keys=house.keys, past=past or past_on(house.kafka), originals=house.originals, controller=house.settings.controller,
        holder=house.holder, failpoints=house.failpoints,
    )  # fmt: skip


def load_weights(path: Path | None) -> model.Model:
    """The weights in this file, or those that are shipped; raises Misconfigured where they cannot be used."""
    file = path or Path(str(resources.files("hub.identity"))) / "models" / SHIPPED_MODEL
    try:
        return model.from_json(file.read_text("utf-8"))
    except OSError as error:
        raise Misconfigured("identity.model", f"cannot be read: {error.strerror}", "unset it for the weights that are shipped") from None
    except (ValueError, KeyError, TypeError):
        raise Misconfigured(
            "identity.model", "does not hold this release's weights", "hub identity train makes them, or unset it for the shipped ones"
        ) from None


def partnership() -> Partnership:
    """The organisations and what they agreed; raises Misconfigured with file and line."""
    return load_partnership(shipped("policies"))


def check_compared(source: Source, members: Partnership, now: datetime) -> None:
    """Refuse a source of people that no agreement lets be compared with others; raises Misconfigured."""
    if source.compared and not may_match(members, source.system, source.controller, now.date()):
        raise Misconfigured(
            source.name, f"no agreement lets {source.system} of {source.controller} be compared with others",
            "an agreement of kind identity lists it, or give it a match_domain of its own",
        )  # fmt: skip


def surroundings(house: House, http: "AsyncClient", folder: Path, gazetteer: "Gazetteer | None" = None) -> "Surroundings":
    """What connectors are given."""
    from connectors.surroundings import Surroundings
    from hub.cli.intake import intake
    from hub.connect.databases import Databases

    return Surroundings(
        http=http, folder=folder, now=lambda: datetime.now(UTC), party_id=PartyIds(house), gazetteer=gazetteer,
        place_id=lambda uprn: house.instance.ids.of(GAZETTEER, uprn), handed_in=intake(house), tables=Databases(),
    )  # fmt: skip


def local_gazetteer(files: Iterable[Path]) -> "Places | None":
    """The newest edition among those that a connector file of kind gazetteer names; None where there is none."""
    from connectors.gazetteer import GazetteerFiles, Places, newest, read_extract

    for file in files:
        document = load_document(file)
        if document.get("kind") == GAZETTEER:
            edition = newest(file.parent / checked(file, document, GazetteerFiles).folder)
            return Places(read_extract(edition)) if edition is not None else None
    return None


def router(house: House) -> Callable[[str, str], Provider | None]:
    """Who provides a service at a place: by the address book's custodian of the place, the list of services and the partnership."""
    members, tiers = partnership(), load_tiers(shipped("policies"))
    count = house.contracts.topic(GAZETTEER).partitions

    def provided(uprn: str, service: str) -> Provider | None:
        place = house.instance.ids.of(GAZETTEER, uprn.lstrip("0"))
        with house.store.read() as tx:
            rows = tx.rows("SELECT custodian FROM address_book_v1 WHERE partition = ? AND key = ?", (partition_of(place, count), place))
        custodian = rows[0][0] if rows else None
        return provider(members, tiers, custodian, service, datetime.now(UTC).date()) if custodian else None

    return provided


class PartyIds:
    """Makes the party id of a source's record, which says nothing of its reference; an erasure puts the next generation in its place."""

    def __init__(self, house: House) -> None:
        self._house = house

    def __call__(self, system: str, reference: str) -> "PartyId":
        """The id of the first generation."""
        from connectors.surroundings import PartyId

        return PartyId(self._house.instance.ids.of(system, f"party/{reference}"), 1)
