"""`hub init`, `hub provision`, `hub up`: a hub's own material and store, its topics, and the hub at work."""

import signal
import threading
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from hub import logs
from hub.arenas import few_arenas
from hub.cli import partners, people
from hub.cli.composition import House, closing
from hub.cli.output import Config, Json, house, say
from hub.engine import topics
from hub.engine.bundle import Reader
from hub.engine.catalogue import check, create
from hub.engine.migrations import upgrade
from hub.engine.restored import older_than_log
from hub.engine.rows import time_in
from hub.engine.sqlite import only_process
from hub.engine.watch import HEARTBEATS, Watch
from hub.engine.worker import Place
from hub.kafka.provision import Provisioned, made_a_moment_ago
from hub.kafka.provision import provision as provision_topics
from hub.model.errors import Misconfigured, Unavailable
from hub.privacy.instance import IF_LOST, make_instance
from hub.settings import ROLES, Role


def init(*, config: Config = None, as_json: Json = False) -> None:
    """Make this hub's id, secrets, key store and store; says what to back up."""
    with closing(house(config)) as opened:
        make(opened)
        said = {"instance": opened.instance.instance_id, "folder": str(opened.settings.folder), "back_up": dict(IF_LOST)}
    say(said, as_json=as_json)


def make(opened: House) -> None:
    """A new hub's material and store; raises Misconfigured where there is one already, Unavailable where the store does not answer."""
    if opened.settings.postgresql and not opened.settings.folder.exists():
        _nobodys(opened)  # before anything is made here
    make_instance(opened.settings.folder)
    upgrade(opened.store_url)
    with opened.store.write() as tx:
        now = time_in(opened.store.dialect)(tx.now())
        tx.run("INSERT INTO instance (id, created_at) VALUES (?, ?)", (opened.instance.instance_id, now))


def _nobodys(opened: House) -> None:
    """The database belongs to no hub yet."""
    upgrade(opened.store_url)
    with opened.store.read() as tx:
        if tx.rows("SELECT id FROM instance"):
            raise Misconfigured("store", "belongs to another hub", "give this one a store of its own")


def provision(
    *,
    config: Config = None,
    dry_run: Annotated[bool, typer.Option(help="Say what would be made, make nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Create the topics that the files name, begin the views that are not there yet, and give partners what their agreements say."""
    with closing(house(config, kafka=True)) as opened:
        made, begun = prepare(opened, dry_run=dry_run)
        given = partners.settle(opened, dry_run=dry_run)
    created = [*made.created, *given.pop("topics_created")]
    say({"topics_created": created, "views_begun": begun, "partners": given, "dry_run": dry_run}, as_json=as_json)


def prepare(opened: House, *, dry_run: bool = False) -> tuple[Provisioned, list[str]]:
    """The topics and the first views; raises Misconfigured on a Kafka that belongs to another hub."""
    files, copies = opened.contracts.topics.values(), opened.settings.kafka.replication_factor
    made = provision_topics(opened.kafka, files, copies=copies, dry_run=True)
    if HEARTBEATS not in made.created:
        _same_instance(opened)
    if dry_run:
        return made, []
    made = provision_topics(opened.kafka, files, copies=copies)
    topics.meet(opened.store, made.ids)
    return made, begin_views(opened)


def begin_views(opened: House) -> list[str]:
    """Begin every projection version and route of this release that the store does not know."""
    watch = Watch(kafka=opened.kafka, group="provision")
    begun: list[Reader] = []
    try:
        for bundle in opened.beginnings():
            partitions = opened.partitions(bundle)
            ends = _ends(watch, [(topic, partition) for topic in bundle.topics for partition in range(partitions)])
            ids = _topic_ids(watch, bundle.topics)
            begun += create(opened.store, bundle, partitions, ends, opened.fingerprints(bundle), ids)
        identity = people.begin_identity(opened, watch)
    finally:
        watch.close()
    return [*(f"{reader.name} v{reader.version}" for reader in begun), *identity]


@made_a_moment_ago
def _ends(watch: Watch, places: list[Place]) -> dict[Place, int]:
    return watch.ends(places)


@made_a_moment_ago
def _topic_ids(watch: Watch, names: Collection[str]) -> dict[str, str]:
    return watch.topic_ids(names)


def up(
    *,
    config: Config = None,
    roles: Annotated[str, typer.Option(help="Which roles this process has, comma separated.")] = ",".join(ROLES),
    probes_port: Annotated[
        int | None, typer.Option(help="Without the web role: the port of /metrics, /livez and /readyz instead of the one that is set.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Run the hub until told to stop; waits for a broker or store that is down, and starts by itself."""
    wanted = _roles(roles)
    logs.configure()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with closing(house(config, kafka=True, probes_port=probes_port)) as opened:
        serve(opened, wanted, stop, as_json=as_json)


def serve(opened: House, wanted: Sequence[Role], stop: threading.Event, *, as_json: bool = False) -> None:
    """Run these roles until told to stop, as soon as store and broker answer and belong together."""
    from hub.cli.connecting import check_connectors

    few_arenas()
    folder = opened.instance.folder  # there is a hub to run
    if "connect" in wanted:
        check_connectors(opened)
    lock = None if opened.settings.postgresql else only_process(folder)
    _ready(opened, stop)
    if not stop.is_set():
        _run(opened, wanted, stop, as_json=as_json)
    if lock is not None:
        lock.close()


def _roles(text: str) -> list[Role]:
    wanted: list[Any] = [role.strip() for role in text.split(",") if role.strip()]
    for role in wanted:
        if role not in ROLES:
            raise Misconfigured("--roles", f"{role} is not a role", f"one or more of {', '.join(ROLES)}")
    return wanted


def _ready(opened: House, stop: threading.Event) -> None:
    """Wait until store and broker answer, then hold them against each other."""
    said = ""
    while not stop.is_set():
        try:
            verify(opened)
        except Unavailable as outage:
            if outage.what != said:
                typer.echo(f"hub: waiting for {outage.what}", err=True)
                said = outage.what
            stop.wait(1.0)
        else:
            return


def verify(opened: House) -> None:
    """Store, topics and code belong together; raises Misconfigured that says what does not, Unavailable while one is down."""
    with opened.store.read() as tx:
        ids = [row[0] for row in tx.rows("SELECT id FROM instance")]
    if ids != [opened.instance.instance_id]:
        raise Misconfigured("store", "belongs to another hub, or to none", "check the store setting; `hub init` makes a new one")
    provisioned = provision_topics(opened.kafka, opened.contracts.topics.values(), copies=1, dry_run=True)
    if provisioned.created:
        raise Misconfigured(
            "topics", f"{len(provisioned.created)} are missing, the first is {provisioned.created[0]}", "run: hub provision"
        )
    _same_instance(opened)
    _not_older(opened)
    for bundle in opened.bundles():
        check(opened.store, bundle, opened.partitions(bundle), opened.fingerprints(bundle))
    if people.has_people(opened):
        check(opened.store, people.INBOX, 1, {})


def _same_instance(opened: House) -> None:
    """The log's first heartbeat names the hub it belongs to: another hub's log must not meet this store."""
    from hub.contracts.meta import Heartbeat

    watch = Watch(kafka=opened.kafka, group="start")
    try:
        first = watch.first_value((HEARTBEATS, 0))
    finally:
        watch.close()
    if first is None:
        return
    event = opened.contracts.decoder({Heartbeat: ("instance_id",)})(first)
    if isinstance(event, Heartbeat) and event.instance_id != opened.instance.instance_id:
        raise Misconfigured("kafka", "this log belongs to another hub", "check kafka.bootstrap and store: one of them is another hub's")


def _not_older(opened: House) -> None:
    """Nobody is told anything by a store that does not know what it told already."""
    watch = Watch(kafka=opened.kafka, group="start")
    try:
        place = older_than_log(opened.store, watch, opened.contracts)
    finally:
        watch.close()
    if place is not None:
        raise Misconfigured(
            "store", f"is older than the log: it does not know what was said last on {place[0]}/{place[1]}",
            "it was brought back from a backup; run: hub learn",
        )  # fmt: skip


def _run(opened: House, wanted: Sequence[Role], stop: threading.Event, *, as_json: bool) -> None:
    from hub.cli.roles import begin_roles

    running = begin_roles(opened, wanted)
    where = f"http://{opened.settings.probes.host if 'web' not in wanted else opened.settings.web.host}:{running.door.port}"
    typer.echo(f"hub: up since {datetime.now(UTC):%H:%M:%S} with {', '.join(wanted)}, answers on {where}", err=True)
    schemas = opened.settings.registry.url
    if running.registry is not None:
        schemas = f"http://{opened.settings.registry.host}:{running.registry.port}"
        typer.echo(f"hub: schemas on {schemas}", err=True)
    tools = f"http://{opened.settings.connect.host}:{running.connect.port}" if running.connect is not None else ""
    if tools:
        typer.echo(f"hub: connectors on {tools}", err=True)
    if as_json:
        said = {"up": list(wanted), "since": datetime.now(UTC), "answers_on": where, "schemas_on": schemas, "connectors_on": tools}
        say(said, as_json=True)
    while not stop.is_set() and not running.stop.is_set():
        stop.wait(0.2)
    running.end()
    if running.failed:
        typer.echo(f"hub: stopped by a bug in {running.failed}", err=True)
        raise typer.Exit(1)
