"""`hub connector new|lint|test|read|check|discover|spec|about`: a connector's file, before any hub runs it.

What is printed line by line are JSON objects with a `type`, as Airbyte's connectors print them.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.output import Json, say
from hub.connect.secrets import Secrets
from hub.model.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from hub.connect.linting import Remark  # the connectors take a third of a second to import, which few commands need

TEST = "_test"
Files = Annotated[list[Path], typer.Argument(help="Connector files, or folders of them.")]
File = Annotated[Path, typer.Argument(help="The connector's file.")]
KindName = Annotated[str, typer.Argument(help="A kind of source, such as csv_drop.")]


def join(app: typer.Typer) -> None:
    """Make these commands of the group."""
    app.command("new")(new)
    app.command("lint")(lint_files)
    app.command("test")(try_out)
    app.command("read")(read)
    app.command("check")(check)
    app.command("discover")(discover)
    app.command("spec")(spec)
    app.command("about")(about)
    app.command("convert")(convert)


def new(
    kind: KindName,
    name: Annotated[str, typer.Argument(help="What it is to be called.")],
    *,
    folder: Annotated[Path, typer.Option(help="Where to put it.")] = Path(),
    as_json: Json = False,
) -> None:
    """Write NAME.yaml and NAME_test.yaml, which can be tested as they are: change them bit by bit."""
    from connectors import TEMPLATES
    from hub.connect.kinds import find_kind

    find_kind(kind)
    sources = [TEMPLATES / f"{kind}{end}.yaml" for end in ("", TEST)]
    if not all(source.exists() for source in sources):
        raise Misconfigured("kind", f"there is nothing to begin a {kind} from", f"one of {', '.join(_templates())}")
    written = [folder / f"{name}{end}.yaml" for end in ("", TEST)]
    if there := [path for path in written if path.exists()]:
        raise Misconfigured(str(there[0]), "is there already", "choose another name")
    for source, path in zip(sources, written, strict=True):
        path.write_text(source.read_text("utf-8").replace("name: example", f"name: {name}", 1), encoding="utf-8")
    paths = [str(path) for path in written]
    say({"written": paths}, as_json=as_json, sentence=f"wrote {' and '.join(paths)}; try: hub connector test {paths[0]}")


def _templates() -> list[str]:
    from connectors import TEMPLATES

    return sorted(path.stem for path in TEMPLATES.glob("*.yaml") if not path.stem.endswith(TEST))


def lint_files(files: Files, *, as_json: Json = False) -> None:
    """Say what is wrong with these files by line and column, and what was probably meant; exit 1 if anything is."""
    from hub.connect.linting import lint

    found = [remark for path in _expanded(files, tests=True) for remark in lint(path)]
    if as_json:
        say([_row(remark) for remark in found], as_json=True)
    else:
        _print(str(remark) for remark in found)
    if found:
        raise typer.Exit(1)


def _row(remark: "Remark") -> dict[str, Any]:
    return {name: getattr(remark, name) for name in ("file", "line", "column", "key", "what", "meant")}


def try_out(files: Files, *, as_json: Json = False) -> None:
    """Try connectors on the examples beside them (foo_test.yaml beside foo.yaml), without a hub; exit 1 if one comes out otherwise."""
    from hub.connect.linting import examples
    from hub.connect.linting import read as read_document
    from hub.connect.offline import tried

    rows = []
    for path in _expanded(files, tests=False):
        document, beside = read_document(path), path.with_name(f"{path.stem}{TEST}.yaml")
        if not beside.exists():
            rows.append({"connector": str(path), "test": "", "ok": False, "differs": [f"there is no {beside.name} beside it"]})
            continue
        for example in examples(beside):
            differs = tried(document, path, example)
            rows.append({"connector": str(path), "test": example.name, "ok": not differs, "differs": differs})
    if as_json:
        say(rows, as_json=True)
    else:
        _print(line for row in rows for line in _told(row))
    if not all(row["ok"] for row in rows):
        raise typer.Exit(1)


def _told(row: dict[str, Any]) -> list[str]:
    head = f"{'ok' if row['ok'] else 'FAILED'} {row['connector']}" + (f": {row['test']}" if row["test"] else "")
    return [head, *(f"    {line}" for line in row["differs"])]


def read(file: File, *, limit: Annotated[int, typer.Option(min=1, help="How many events at most.")] = 5, as_json: Json = False) -> None:
    """Print the first events that the source gives now, as JSON lines, what is personal hidden; nothing is kept."""
    from hub.connect.offline import checked_out, shown

    secrets = Secrets()
    heard = checked_out(_sound(file), file, secrets, limit)
    rows = [shown(one) for one in heard.said[:limit]] + [{"type": "LOG", "level": "WARN", "refused": why} for why in heard.rejected]
    if as_json:
        say(rows, as_json=True)
    else:
        _print(secrets.hide(json.dumps(row, default=str, ensure_ascii=False)) for row in rows)


def check(file: File, *, as_json: Json = False) -> None:
    """Whether the source can be read as its file describes it; exit 2 if the file is wrong, 3 if the source cannot be reached."""
    from hub.connect.offline import checked_out

    secrets = Secrets()
    try:
        heard = checked_out(_sound(file), file, secrets)
    except (Unavailable, Misconfigured) as error:
        if as_json:
            say({"type": "CONNECTION_STATUS", "status": "FAILED", "message": secrets.hide(str(error))}, as_json=True)
        raise
    say(
        {"type": "CONNECTION_STATUS", "status": "SUCCEEDED", "events": len(heard.said), "refused": len(heard.rejected)}, as_json=as_json,
        sentence=f"the source answers; its first page gave {len(heard.said)} events, {len(heard.rejected)} records were refused",
    )  # fmt: skip


def discover(file: File, *, as_json: Json = False) -> None:
    """Which events the source's first records become, and which of their fields it fills."""
    from hub.connect.offline import checked_out, shown

    heard = checked_out(_sound(file), file, Secrets(), 1000)
    filled: dict[str, dict[str, int]] = {}
    for one in map(shown, heard.said):
        fields = filled.setdefault(one["event"], {})
        for name in one["data"]:
            fields[name] = fields.get(name, 0) + 1
    rows = [{"type": "CATALOG", "event": event, "fields": sorted(fields)} for event, fields in sorted(filled.items())]
    if as_json:
        say(rows, as_json=True)
    else:
        _print(f"{row['event']}: {', '.join(row['fields'])}" for row in rows)


def spec(kind: KindName, *, as_json: Json = False) -> None:
    """What a kind of source can be told, as JSON Schema."""
    from hub.connect.kinds import find_kind

    schema = find_kind(kind).config.model_json_schema()
    if as_json:
        say({"type": "SPEC", "connectionSpecification": schema}, as_json=True)
    else:
        typer.echo(json.dumps(schema, indent=2))


def about(
    kind: KindName,
    *,
    form: Annotated[str, typer.Option("--format", help="text or md.")] = "text",
    as_json: Json = False,
) -> None:
    """What a kind of source is, and every setting of it."""
    from hub.connect.kinds import settings_of

    if form not in ("text", "md"):
        raise typer.BadParameter("text or md", param_hint="--format")
    rows = [
        {"setting": each.name, "type": each.type, "required": each.required, "default": each.default, "means": each.documentation}
        for each in settings_of(kind)
    ]
    if as_json or form == "text":
        say({"kind": kind, "about": _purpose(kind), "settings": rows} if as_json else rows, as_json=as_json)
    else:
        _print(["# " + kind, "", _purpose(kind), "", *_table(rows)])


def convert(file: Annotated[Path, typer.Argument(help="JSON for Kafka Connect, or YAML.")], *, as_json: Json = False) -> None:
    """Print a configuration of Kafka Connect as YAML, or YAML as a configuration of Kafka Connect; of any connector, losing nothing."""
    from hub.connect.foreign import flat_from

    text = _text(file)
    if file.suffix == ".json":
        flat = _flat_json(file, text)
        typer.echo(json.dumps({"yaml": _yaml(flat)}) if as_json else _yaml(flat), nl=as_json)
        return
    flat = flat_from(text) if "connector.class" in text else flat_file(file)
    made = {"name": flat.get("name", file.stem), "config": flat}
    typer.echo(json.dumps(made) if as_json else json.dumps(made, indent=2, ensure_ascii=False))


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise Misconfigured(str(file), f"cannot be read: {error.strerror}") from None


def _flat_json(file: Path, text: str) -> dict[str, str]:
    """The settings in a document with a name and a config, or in one that is all settings."""
    try:
        document = json.loads(text)
    except ValueError:
        raise Misconfigured(str(file), "is not JSON") from None
    found = document.get("config", document) if isinstance(document, dict) else None
    if not isinstance(found, dict) or not all(isinstance(value, str | int | float | bool) for value in found.values()):
        raise Misconfigured(str(file), "is not a configuration of Kafka Connect", "names and texts, or a name and such a config")
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in found.items()}


def _yaml(flat: dict[str, str]) -> str:
    from connectors import KINDS
    from hub.connect.flat import document_of
    from hub.connect.foreign import own_yaml_of, yaml_of

    own = flat.get("connector.class") in {kind.name for kind in KINDS}
    return own_yaml_of(document_of(flat)) if own else yaml_of(flat)


def _purpose(kind: str) -> str:
    from hub.connect.kinds import find_kind

    return " ".join((find_kind(kind).config.__doc__ or "").split())


def _table(rows: Sequence[dict[str, Any]]) -> list[str]:
    body = [
        f"| `{row['setting']}` | {row['type']} | {'required' if row['required'] else row['default'] or ''} | {row['means']} |"
        for row in rows
    ]
    return ["| setting | type | default | means |", "|---|---|---|---|", *body]


def _sound(file: Path) -> Any:
    """The document, if nothing is wrong with it."""
    from hub.connect.linting import lint
    from hub.connect.linting import read as read_document

    for remark in lint(file):
        raise Misconfigured(f"{remark.file}:{remark.line}:{remark.column}: {remark.key}", remark.what, remark.meant)
    return read_document(file)


def flat_file(file: Path) -> dict[str, str]:
    """A connector's file as Kafka Connect would have it; raises Misconfigured with line and column where it is wrong."""
    from hub.connect.flat import flat_of

    return flat_of(_sound(file))


def _expanded(files: Iterable[Path], *, tests: bool) -> list[Path]:
    found = [inner for path in files for inner in (sorted(path.rglob("*.yaml")) if path.is_dir() else [path])]
    return [path for path in found if tests or not path.stem.endswith(TEST)]


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
