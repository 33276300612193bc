"""The catalogue as a folder of pages without a script, which any web server or none can show."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from ruamel.yaml import YAML

from hub.catalogue.entries import Entry

_TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = (
    ("Python", "python/tell_us_once.py"), ("Java", "java/TellUsOnce.java"), ("JavaScript", "javascript/tell_us_once.js"),
    ("Go", "go/main.go"),
)  # fmt: skip

RECEIVERS = (("Python", "python/webhook.py"),)


def write(folder: Path, entries: Iterable[Entry], asyncapi: dict[str, Any], consumers: Path) -> list[Path]:
    """Every page, the samples, the consumers and asyncapi.yaml; what stood in the folder under the same names is replaced."""
    entries = tuple(entries)
    told, events = [each for each in entries if each.agreement], [each for each in entries if not each.agreement]
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    readers, receivers = (
        [(language, path, (consumers / path).read_text("utf-8")) for language, path in programs] for programs in (LANGUAGES, RECEIVERS)
    )
    written = [_page(templates, folder / "index.html", "index.html", told=told, events=events)]
    for entry in entries:
        (folder / "samples").mkdir(parents=True, exist_ok=True)
        sample = folder / "samples" / f"{entry.name}.json"
        sample.write_text(json.dumps([dict(each) for each in entry.samples], indent=1, ensure_ascii=False) + "\n", "utf-8")
        written.append(sample)
        programs = receivers if entry.posted else readers
        written.append(_page(templates, folder / f"{entry.name}.html", "entry.html", entry=entry, programs=programs))
    shutil.copytree(consumers, folder / "consumers", dirs_exist_ok=True)
    with (folder / "asyncapi.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(asyncapi, file)
    return [*written, folder / "asyncapi.yaml"]


def _templates() -> Environment:
    found = FileSystemLoader(_TEMPLATES)
    return Environment(loader=found, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _page(templates: Environment, path: Path, template: str, **said: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        templates.get_template(template).render(**said, dumps=lambda value: json.dumps(value, indent=1, ensure_ascii=False)), "utf-8"
    )
    return path
