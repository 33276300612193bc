"""`hub connector apply|list|describe|pause|resume|stop|restart|delete|offsets`: what is wished of connectors, kept in the store.

Every worker heeds it within a second or two, and whichever is started later.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.composition import closing
from hub.cli.connector_files import flat_file
from hub.cli.output import Config, Json, house, say
from hub.connect.repository import Connectors, NoSuchConnector, NotStopped
from hub.connect.words import ConnectorStatus, State, Wish

Name = Annotated[str, typer.Argument(help="The connector.")]

offsets = typer.Typer(help="Where sources stand.", no_args_is_help=True)


def join(app: typer.Typer) -> None:
    """Make these commands of the group."""
    app.command("list")(list_)
    for command in (describe, apply, pause, resume, stop, restart, delete):
        app.command()(command)
    app.add_typer(offsets, name="offsets")


def list_(*, config: Config = None, as_json: Json = False) -> None:
    """Every connector and how it fares; exit 1 if one has failed."""
    with closing(house(config)) as opened:
        statuses = Connectors(store=opened.store).statuses()
    say([_row(status) for status in statuses], as_json=as_json)
    if any(_failed(status) for status in statuses):
        raise typer.Exit(1)


def _failed(status: ConnectorStatus) -> bool:
    return State.FAILED in (status.state, *(task.state for task in status.tasks))


def _row(status: ConnectorStatus) -> dict[str, Any]:
    done = [task.progress for task in status.tasks]
    last = max((each.succeeded_at for each in done if each.succeeded_at), default=None)
    state = State.FAILED if _failed(status) else status.state
    return {
        "name": status.name, "state": state.value, "worker": status.worker, "records": sum(each.records for each in done),
        "rejected": sum(each.rejected for each in done), "last_read": last, "trouble": _trouble(status),
    }  # fmt: skip


def _trouble(status: ConnectorStatus) -> str:
    found = [status.trouble, *(task.trouble for task in status.tasks)]
    return "; ".join(each.trace for each in found if each is not None)


def describe(name: Name, *, config: Config = None, as_json: Json = False) -> None:
    """One connector: its configuration with the places of its secrets, what is wished of it, and how it fares."""
    with closing(house(config)) as opened:
        connectors = Connectors(store=opened.store)
        known, status = _there(connectors, name), connectors.status(name)
        stands = [{"partition": each.partition, "offset": each.offset} for each in connectors.offsets(name)]
    said = {"wish": known.wish.value, "origin": known.origin, "generation": known.generation, "restarts": _restarts(status)}
    rest = {"config": dict(known.config), "offsets": stands}
    say(_row(status) | said | rest, as_json=as_json)


def _restarts(status: ConnectorStatus) -> int:
    return sum(task.restarts for task in status.tasks)


def _there(connectors: Connectors, name: str) -> Any:
    try:
        return connectors.find(name)
    except NoSuchConnector:
        raise typer.BadParameter(f"there is no connector {name}: hub connector list names them") from None


def apply(file: Annotated[Path, typer.Argument(help="The connector's file.")], *, config: Config = None, as_json: Json = False) -> None:
    """Have this connector from now on as its file describes it; what is wished of it and where it stands stays."""
    flat = flat_file(file)
    with closing(house(config)) as opened:
        new = Connectors(store=opened.store).apply(flat["name"], flat, base=str(file.parent.resolve()))
    done = "made" if new else "applied"
    say({"connector": flat["name"], "done": done}, as_json=as_json, sentence=f"{flat['name']}: {done}")


def pause(name: Name, *, config: Config = None, as_json: Json = False) -> None:
    """Read nothing more until it is resumed."""
    _wish(name, Wish.PAUSED, config, as_json=as_json)


def resume(name: Name, *, config: Config = None, as_json: Json = False) -> None:
    """Go on reading."""
    _wish(name, Wish.RUNNING, config, as_json=as_json)


def stop(name: Name, *, config: Config = None, as_json: Json = False) -> None:
    """Read nothing more and have no task, so that where it stands can be changed."""
    _wish(name, Wish.STOPPED, config, as_json=as_json)


def _wish(name: str, wish: Wish, config: Path | None, *, as_json: bool) -> None:
    with closing(house(config)) as opened:
        connectors = Connectors(store=opened.store)
        _there(connectors, name)
        connectors.wish(name, wish)
    say({"connector": name, "wish": wish.value}, as_json=as_json, sentence=f"{name}: to be {wish.value.lower()}")


def restart(
    name: Name,
    *,
    only_failed: Annotated[bool, typer.Option("--only-failed", help="Only what has failed.")] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Begin it anew, now."""
    with closing(house(config)) as opened:
        connectors = Connectors(store=opened.store)
        _there(connectors, name)
        asked = connectors.restart(name, only_failed=only_failed)
    say({"connector": name, "tasks": asked}, as_json=as_json, sentence=f"{name}: {len(asked)} tasks begin anew")


def delete(name: Name, *, config: Config = None, as_json: Json = False) -> None:
    """Have it no more; where it stood is kept, for one of the same name."""
    with closing(house(config)) as opened:
        connectors = Connectors(store=opened.store)
        _there(connectors, name)
        connectors.delete(name)
    say({"connector": name, "done": "deleted"}, as_json=as_json, sentence=f"{name}: deleted")


@offsets.command("get")
def get_offsets(name: Name, *, config: Config = None, as_json: Json = False) -> None:
    """Where the source stands."""
    with closing(house(config)) as opened:
        connectors = Connectors(store=opened.store)
        _there(connectors, name)
        found = [{"partition": dict(each.partition), "offset": each.offset} for each in connectors.offsets(name)]
    say({"offsets": found}, as_json=as_json)


@offsets.command("set")
def set_offsets(
    name: Name, cursor: Annotated[str, typer.Argument(help="As `offsets get` prints it.")], *, config: Config = None, as_json: Json = False
) -> None:
    """Go on from this cursor; the connector has to be stopped."""
    _stand(name, cursor, config, as_json=as_json)


@offsets.command("reset")
def reset_offsets(name: Name, *, config: Config = None, as_json: Json = False) -> None:
    """Read everything again from the beginning; what was said before is no event again. The connector has to be stopped."""
    _stand(name, None, config, as_json=as_json)


def _stand(name: str, cursor: str | None, config: Path | None, *, as_json: bool) -> None:
    with closing(house(config)) as opened:
        connectors = Connectors(store=opened.store)
        _there(connectors, name)
        try:
            connectors.set_offsets(name, cursor)
        except NotStopped:
            typer.echo(f"hub: {name} is not stopped, or not yet; run: hub connector stop {name}", err=True)
            raise typer.Exit(1) from None
    say({"connector": name, "cursor": cursor}, as_json=as_json, sentence=f"{name}: stands at {cursor or 'the beginning'}")
