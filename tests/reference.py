"""The reference pages, from what they are about: `python -m tests.reference` writes docs/reference/{settings,commands,doctor,http}.md.

tests/laws/test_reference.py holds them against the settings, the commands, the doctor and the API as they are.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import BaseModel
from typer.main import get_command

from hub.cli import app
from hub.cli.composition import closing, open_house
from hub.cli.configuring import type_of
from hub.cli.doctor import FAULTS
from hub.cli.instance import make
from hub.cli.web import application
from hub.settings import _ENVIRONMENT, KafkaSettings, Settings
from tests.cli.test_watching import begun
from tests.web.conftest import served

FOLDER = Path(__file__).resolve().parents[1] / "docs/reference"
_WRITTEN = "Written by `python -m tests.reference`; a test keeps it current."


def settings_page() -> str:
    """Every setting, in the order in which the settings have them."""
    head = f"""# Settings

{_WRITTEN} Settings stand in `hub.yaml`, in the folder the command is run in or where `--config` or `HUB_CONFIG` says; a variable of the
environment wins. `hub config show` prints what is in force, `hub config explain KEY` what one means.

| setting | type | default | environment | means |
|---|---|---|---|---|
"""
    return head + "".join(f"{row}\n" for row in _settings(Settings))


def _settings(model: type[BaseModel], before: str = "") -> Iterator[str]:
    variables = {".".join(keys): name for name, keys in _ENVIRONMENT.items()}
    for name, field in model.model_fields.items():
        key, inner = f"{before}{name}", _group(field.annotation)
        if inner is not None:
            yield from _settings(inner, f"{key}.")
            continue
        default = "" if field.default in (None, {}, []) or isinstance(field.default, BaseModel) or field.is_required() else field.default
        shown = f"`{default}`" if default != "" else ""
        variable = f"`{variables[key]}`" if key in variables else ""
        yield f"| `{key}` | {type_of(field.annotation)} | {shown} | {variable} | {_cell(field.description or '')} |"


def _group(annotation: Any) -> type[BaseModel] | None:
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def commands_page() -> str:
    """Every command, with its arguments and options."""
    head = f"""# Commands

{_WRITTEN} Every command ends with 0 (all is well), 1 (a problem was found), 2 (wrong usage or settings) or 3 (something cannot be reached),
and prints one JSON value with `--json`. `--config FILE` names the settings.
"""
    return head + "".join(_command(name, command) for name, command in commands())


def commands(command: Any = None, name: str = "hub") -> Iterator[tuple[str, Any]]:
    """Every command by its whole name, in the order of the alphabet."""
    command = get_command(app) if command is None else command
    groups = getattr(command, "commands", None)
    if groups is None:
        yield name, command
        return
    for each in sorted(groups):
        yield from commands(groups[each], f"{name} {each}")


COMMON = ("--json", "--config", "--help")


def _command(name: str, command: Any) -> str:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name != "argument" and each.opts[0] not in COMMON]
    usage = " ".join([name, *(each.metavar or each.name.upper() for each in arguments)])
    rows = [f"| `{(each.metavar or each.name.upper()).strip('[]')}` | {_cell(each.help or '')} |" for each in arguments]
    rows += [f"| {', '.join(f'`{opt}`' for opt in (*each.opts, *each.secondary_opts))} | {_cell(each.help or '')} |" for each in options]
    table = "\n| | |\n|---|---|\n" + "\n".join(rows) + "\n" if rows else ""
    return f"\n## {name}\n\n    {usage}\n\n{' '.join(command.help.split())}\n{table}"


def doctor_page() -> str:
    """Every fault that the doctor knows."""
    head = f"""# What the doctor knows

{_WRITTEN} `hub doctor` looks at a hub, changes nothing, and ends as bad as the worst that it found. Each of these faults is produced in a
test and found there.

| fault | means | do | ends with |
|---|---|---|---|
"""
    rows = (f"| `{each.name}` | {_cell(each.means)} | {_cell(each.mend)} | {each.code} |\n" for each in FAULTS.values())
    return head + "".join(rows)


def http_page() -> str:
    """Every operation of the HTTP API."""
    head = f"""# HTTP API

{_WRITTEN} The whole description, in OpenAPI, is at `/openapi.json` of every process with the role `web`; requests that nobody thought of
are tried on every operation. A POST names itself by `Idempotency-Key`; what goes wrong is said as problem details (RFC 9457).

| | path | what it does |
|---|---|---|
"""
    return head + "".join(
        f"| {method.upper()} | `{path}` | {_cell(operation.get('description') or operation.get('summary', ''))} |\n"
        for path, operations in sorted(described()["paths"].items())
        for method, operation in sorted(operations.items())
    )


def described() -> Any:
    """What the API of a new hub says of itself."""
    with TemporaryDirectory() as folder:
        nowhere = KafkaSettings(bootstrap="127.0.0.1:1")
        with closing(open_house(Settings(folder=Path(folder, "hub"), controller="tameside", kafka=nowhere))) as house:
            make(house)
            begun(house)
            with served(application(house)) as client:
                return client.get("/openapi.json").json()


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


PAGES = {"settings": settings_page, "commands": commands_page, "doctor": doctor_page, "http": http_page}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / f"{name}.md").write_text(page(), "utf-8")
