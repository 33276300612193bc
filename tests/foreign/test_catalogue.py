"""The catalogue: a page per event and notice without a script, examples that are made up, and AsyncAPI that others can read."""

import json
import re
import shutil
import subprocess
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from hub.catalogue.site import LANGUAGES, write
from hub.cli.catalogue import described
from hub.settings import Settings
from hub.shipped import shipped
from tests.contracts.agreed import contracts
from tests.foreign.clients import fetch, of_the_lock

HERE = Path(__file__).parent / "asyncapi"
HOUSING = "RegisteredHousingProviderNotice"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("catalogue")
    entries, document = both()
    write(folder, entries, document, shipped("deploy/consumers"))
    return folder


@cache
def both() -> tuple[list[Any], dict[str, Any]]:
    return described(Settings())


class Page(HTMLParser):
    """The elements and links of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


def test_every_event_and_every_partners_notice_has_a_page_and_all_links_lead_somewhere(site: Path) -> None:
    pages = {path.stem for path in site.glob("*.html")}
    assert HOUSING in pages
    assert pages - {"index"} == {*contracts().event_types, *(each.name for each in both()[0] if each.agreement)}
    for path in site.glob("*.html"):
        page = Page(path)
        assert not page.elements & {"script", "iframe", "object", "img"}, path
        assert not any(name.startswith("on") for name in page.attributes), path
        assert [link for link in page.links if not (site / link).is_file()] == [], path


def test_a_partners_page_says_what_why_and_how(site: Path) -> None:
    text = (site / f"{HOUSING}.html").read_text("utf-8")
    for said in ("Finds the home that falls empty", "Lawful basis", "tell-us-once-registered-housing-provider", "PII"):
        assert said in text, said
    assert all((shipped("deploy/consumers") / path).read_bytes() == (site / "consumers" / path).read_bytes() for _, path in LANGUAGES)
    assert json.loads((site / f"samples/{HOUSING}.json").read_text("utf-8"))[0]["instruction"] == "TELL"


def test_who_is_posted_to_is_shown_the_receiver_and_no_topic(site: Path) -> None:
    text = (site / "GeneralPracticeNotice.html").read_text("utf-8")
    assert "signed webhook" in text
    assert "hmac.compare_digest" in text
    assert "<caption>Topics</caption>" not in text
    assert (shipped("deploy/consumers") / "python/webhook.py").read_bytes() == (site / "consumers/python/webhook.py").read_bytes()


def test_nobody_in_a_notices_examples_can_be_anybody(site: Path) -> None:
    text = (site / f"samples/{HOUSING}.json").read_text("utf-8")
    assert not [postcode for postcode in re.findall(r"\b[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}\b", text) if not postcode.startswith("QX")]
    assert re.findall(r"\b0[0-9]{4} [0-9]{6}\b", text)
    assert all(number.startswith("07700 900") for number in re.findall(r"\b0[0-9]{4} [0-9]{6}\b", text))


@pytest.mark.needs("node")
def test_asyncapis_own_parser_finds_nothing_wrong(site: Path) -> None:
    folder = of_the_lock(HERE, _install)
    said = subprocess.run(
        ["node", str(folder / "check.js"), str(site / "asyncapi.yaml")], capture_output=True, text=True, check=True, timeout=300
    )
    answer = json.loads(said.stdout)
    assert (answer["found"], answer["channels"]) == ([], len(both()[1]["channels"]))
    broken = site / "broken.yaml"
    broken.write_text((site / "asyncapi.yaml").read_text("utf-8").replace("type: enum", "type: enumeration", 1), "utf-8")
    wrong = subprocess.run(["node", str(folder / "check.js"), str(broken)], capture_output=True, text=True, check=True, timeout=300)
    assert json.loads(wrong.stdout)["found"], "a document with a wrong schema is found wrong"


def _install(folder: Path) -> None:
    for name in ("package.json", "package-lock.json", "check.js"):
        shutil.copy(HERE / name, folder)
    fetch(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], folder)
