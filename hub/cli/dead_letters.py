"""`hub dlq`: what could not be taken in, why, and what to do about it."""

from typing import Annotated, Any, Literal

import typer

from hub.cli.composition import House, closing
from hub.cli.output import Config, Json, house, say
from hub.contracts import Rejection
from hub.engine import redrive as states
from hub.engine.redrive import ONLY_TO_SKIP
from hub.engine.store import Transaction
from hub.model.errors import Rejected

app = typer.Typer(help="Dead letters: records that could not be taken in, and those that wait behind them.", no_args_is_help=True)

Where = Annotated[str, typer.Argument(help="topic/partition/offset, as `hub dlq list` prints it.")]
Topic = Annotated[str | None, typer.Option(help="Only this topic.")]
Code = Annotated[str | None, typer.Option(help="Only this reason code.")]
By = Annotated[str, typer.Option("--by", help="Who decides: a name or staff id for the record of decisions.")]

State = Annotated[
    Literal["dead", "redrive", "done", "skip", "skipped"],
    typer.Option(help="dead: undecided; redrive, skip: decided, not yet carried out; done, skipped: settled."),
]


@app.command("list")
def list_(*, topic: Topic = None, code: Code = None, state: State = "dead", config: Config = None, as_json: Json = False) -> None:
    """Dead letters, oldest first, with how many records wait behind each key; exit 1 if there are any."""
    with closing(house(config)) as opened, opened.store.read() as tx:
        rows = _found(tx, topic, code, state)
    say(rows if as_json else [{name: row[name] for name in _FOR_PEOPLE} for row in rows], as_json=as_json)
    if rows and state == states.DEAD:
        raise typer.Exit(1)


@app.command()
def show(where: Where, *, config: Config = None, as_json: Json = False) -> None:
    """One dead letter: size, first bytes' shape and whether its key still opens; its content is not printed."""
    with closing(house(config)) as opened:
        say(_described(opened, where), as_json=as_json)


@app.command()
def explain(where: Where, *, config: Config = None, as_json: Json = False) -> None:
    """What its reason means, and whether this release could take it in now."""
    with closing(house(config)) as opened:
        described = _described(opened, where)
        described["means"] = Rejection(described["code"]).means
        described["now"] = _would_be(opened, where)
    say(described, as_json=as_json)


@app.command()
def redrive(
    *,
    topic: Topic = None,
    code: Code = None,
    most: Annotated[int, typer.Option("--max", help="At most so many.")] = 1000,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many, mark none.")] = False,
    by: By = "operator",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Mark dead letters to be tried again: their owner drains each key in offset order, under its fence, within seconds."""
    with closing(house(config)) as opened, opened.store.write() as tx:
        found = _found(tx, topic, code, states.DEAD)
        rows = [row for row in found if row["code"] not in ONLY_TO_SKIP][:most]
        if not dry_run:
            _mark(tx, rows, states.REDRIVE, "", by)
    only_to_skip = sum(row["code"] in ONLY_TO_SKIP for row in found)
    say({"found": len(found), "marked": 0 if dry_run else len(rows), "only_to_skip": only_to_skip}, as_json=as_json)


@app.command()
def skip(
    where: Where,
    *,
    reason: Annotated[str, typer.Option(help="Why it may be left out for good.")],
    by: By = "operator",
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Leave one record out for good: a recorded decision that every rebuild honours; what waited behind it goes on."""
    with closing(house(config)) as opened, opened.store.write() as tx:
        rows = [row for row in _found(tx, None, None, states.DEAD) if row["where"] == where]
        if not rows:
            raise typer.BadParameter(f"no dead letter stands at {where}")
        _mark(tx, rows, states.SKIP, reason, by)
    say({"skipped": where}, as_json=as_json)


_NAMES = ("bundle", "topic", "partition", "offset", "code", "state", "recorded_at", "waiting_behind")
_FOR_PEOPLE = ("where", "code", "recorded_at", "waiting_behind", "bundle")


def _found(tx: Transaction, topic: str | None, code: str | None, state: str) -> list[dict[str, Any]]:
    rows = tx.rows(
        "SELECT d.bundle, d.topic, d.partition, d.position, d.code, d.state, d.recorded_at,"
        " (SELECT COUNT(*) FROM parked p WHERE p.bundle = d.bundle AND p.partition = d.partition AND p.key = d.key)"
        " FROM dead_letter d WHERE d.state = ? ORDER BY d.recorded_at, d.topic, d.partition, d.position",
        (state,),
    )
    found = [{"where": f"{row[1]}/{row[2]}/{row[3]}"} | dict(zip(_NAMES, row, strict=True)) for row in rows]
    return [row for row in found if topic in (None, row["topic"]) and code in (None, row["code"])]


def _mark(tx: Transaction, rows: list[dict[str, Any]], state: str, reason: str, by: str) -> None:
    tx.run_many(
        "UPDATE dead_letter SET state = ?, reason = ?, decided_by = ?"
        " WHERE bundle = ? AND topic = ? AND partition = ? AND position = ? AND state = 'dead'",
        [(state, reason, by, row["bundle"], row["topic"], row["partition"], row["offset"]) for row in rows],
    )


def _split(where: str) -> tuple[str, int, int]:
    topic, _, rest = where.partition("/")
    partition, _, offset = rest.partition("/")
    if not (partition.isdigit() and offset.isdigit()):
        raise typer.BadParameter("write it as topic/partition/offset")
    return topic, int(partition), int(offset)


def _original(opened: House, where: str) -> tuple[dict[str, Any], bytes | None]:
    with opened.store.read() as tx:
        rows = tx.rows(
            "SELECT bundle, code, detail, state, reason, decided_by, original FROM dead_letter"
            " WHERE topic = ? AND partition = ? AND position = ?",
            _split(where),
        )
    if not rows:
        raise typer.BadParameter(f"no dead letter stands at {where}")
    said = dict(zip(("bundle", "code", "fields", "state", "reason", "decided_by"), rows[0][:6], strict=True))
    try:
        return said, opened.originals.open(bytes(rows[0][6]), where)
    except Rejected:
        return said, None


def _described(opened: House, where: str) -> dict[str, Any]:
    said, original = _original(opened, where)
    if original is None:
        return {"where": where, **said, "bytes": "their key is gone"}
    schema = opened.contracts.schemas.get(int.from_bytes(original[1:5], "big")) if original[:1] == b"\0" else None
    return {"where": where, **said, "bytes": len(original), "schema": schema.key if schema else None}


def _would_be(opened: House, where: str) -> str:
    said, original = _original(opened, where)
    if original is None:
        return "erased: it can only be skipped"
    if said["code"] in ONLY_TO_SKIP:
        return f"still {said['code']}: it can only be skipped"
    try:
        opened.contracts.decoder(None, where.partition("/")[0])(original)
    except Rejected as rejection:
        return f"still {rejection.code}"
    return "its bytes can be read: hub dlq redrive tries it again"
