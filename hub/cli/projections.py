"""`hub projection`, `hub inbox`, `hub reconcile`: the views, how far they are, and how they are mended."""

from typing import Annotated, Any

import typer

from hub.cli.composition import closing
from hub.cli.instance import begin_views
from hub.cli.output import Config, Json, house, say
from hub.engine import catalogue, gaps, ownership, takeover
from hub.engine.reconcile import reconcile as reconcile_topics
from hub.engine.watch import Watch

app = typer.Typer(help="Views: their versions, what a new version would tell others, partitions that stopped.", no_args_is_help=True)
inbox = typer.Typer(help="How far each view has read.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The projection's name, as `hub projection list` prints it.")]


@app.command("list")
def list_(*, config: Config = None, as_json: Json = False) -> None:
    """Versions with their state, and partitions that do not run; exit 1 if one stopped."""
    with closing(house(config)) as opened:
        versions = catalogue.listing(opened.store)
        with opened.store.read() as tx:
            stopped = [row for row in ownership.status(tx, opened.store.dialect) if row["status"] != ownership.RUNNING]
    say({"versions": versions, "stopped": stopped} if as_json else versions, as_json=as_json)
    if stopped:
        if not as_json:
            say(stopped, as_json=False)
        raise typer.Exit(1)


@app.command()
def create(*, config: Config = None, as_json: Json = False) -> None:
    """Begin every projection version of this release that the store does not know: from 0, effects held to the log's present ends."""
    with closing(house(config, kafka=True)) as opened:
        say({"begun": begin_views(opened)}, as_json=as_json)


@app.command()
def resume(
    bundle: Annotated[str, typer.Argument(help="The bundle that stopped.")] = "views", *, config: Config = None, as_json: Json = False
) -> None:
    """Let stopped partitions run again, after the cause is mended."""
    with closing(house(config)) as opened, opened.store.write() as tx:
        stopped = [
            row["partition"]
            for row in ownership.status(tx, opened.store.dialect)
            if row["bundle"] == bundle and row["status"] == ownership.STOPPED
        ]
        resumed = ownership.resume(tx, bundle, stopped) if stopped else 0
    say({"resumed": resumed}, as_json=as_json)


@app.command()
def plan(name: Name, *, config: Config = None, as_json: Json = False) -> None:
    """What the new version would tell others differently; nothing of it is sent until it is released."""
    with closing(house(config)) as opened, opened.store.read() as tx:
        rows: list[Any] = takeover.plan(tx, name)
    say(rows, as_json=as_json)


@app.command()
def release(
    name: Name,
    *,
    kind: Annotated[str | None, typer.Option(help="Only tellings of this kind.")] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Send what the plan holds, whole or of one kind; the version takes over when nothing is left of it."""
    with closing(house(config)) as opened, opened.store.write() as tx:
        released = takeover.release(tx, name, kind)
    say({"released": released}, as_json=as_json)


@app.command()
def drop(
    name: Name, version: Annotated[int, typer.Argument(help="The version to drop.")], *, config: Config = None, as_json: Json = False
) -> None:
    """Remove the rows of a version that another has replaced; refused for any other."""
    with closing(house(config)) as opened, opened.store.write() as tx:
        takeover.drop_rows(tx, name, version)
    say({"dropped": f"{name} v{version}"}, as_json=as_json)


@inbox.command("list")
def positions(*, config: Config = None, as_json: Json = False) -> None:
    """Every reader's position and what became of the records before it."""
    with closing(house(config)) as opened:
        rows: list[Any] = catalogue.positions(opened.store)
    say(rows, as_json=as_json)


@inbox.command("accept-gap")
def accept_gap(
    topic: Annotated[str, typer.Argument(help="The topic whose beginning is gone.")],
    partition: Annotated[int, typer.Argument(help="Its partition.")],
    *,
    reason: Annotated[str, typer.Option(help="Why what is missing may stay missing.")],
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Go on from the first record the log still has, and record what was left out: readers stopped below retention run again."""
    with closing(house(config, kafka=True)) as opened:
        watch = Watch(kafka=opened.kafka, group="accept-gap")
        try:
            low, _ = watch.bounds((topic, partition))
        finally:
            watch.close()
        readers = gaps.accept(opened.store, topic, partition, low, reason)
    say({"readers": readers, "from": low}, as_json=as_json)


def reconcile(
    topic: Annotated[str | None, typer.Argument(help="Only this topic.")] = None, *, config: Config = None, as_json: Json = False
) -> None:
    """Hold the last seven days of the outbox against the log, send again what is missing; exit 1 if anything was."""
    with closing(house(config, kafka=True)) as opened:
        watch = Watch(kafka=opened.kafka, group="reconcile")
        try:
            findings = reconcile_topics(opened.store, watch, opened.kafka, opened.holder, None if topic is None else [topic])
        finally:
            watch.close()
    say([{"topic": f.topic, "partition": f.partition, "parted_at": f.parted_at, "missing": f.missing} for f in findings], as_json=as_json)
    if findings:
        raise typer.Exit(1)
