"""`hub registry` and `hub schema`: schemas served without a broker or a store, and looked at from the keyboard."""

import json
import signal
import subprocess

from httpx2 import Client

from hub.shipped import shipped
from tests.cli.conftest import Command

LIBRARY = "tell-us-once-library-value"


def test_schemas_are_served_where_nothing_else_runs(hub: Command) -> None:
    hub.settings("registry:\n  port: 0\n")
    command = Command._command(("registry", "--json"))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **hub._where()) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        with Client(base_url=said["schemas_on"], timeout=60) as client:
            assert len(client.get("/subjects").json()) == said["subjects"]
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 0


def test_an_external_registry_is_not_served_over(hub: Command) -> None:
    hub.settings("registry:\n  url: http://127.0.0.1:1\n")
    ran = hub("registry")
    assert (ran.code, "names an external registry" in ran.complained) == (2, True)


def test_schemas_are_listed_and_shown(hub: Command) -> None:
    listed = {row["subject"]: row for row in hub("schema", "list", "--json").value}
    shown = hub("schema", "show", LIBRARY, "--json").value
    assert listed[LIBRARY]["id"] == shown["id"]
    assert shown["schema"]["name"] == "LibraryNotice"
    assert '"name": "LibraryNotice"' in hub("schema", "show", LIBRARY).said
    assert hub("schema", "diff", LIBRARY, "1", "1").said == "they say the same\n"


def test_a_schema_that_is_none_is_wrong_usage(hub: Command) -> None:
    assert hub("schema", "show", "nobody").code == hub("schema", "show", LIBRARY, "--version", "99").code == 2


def test_nothing_is_written_down_twice(hub: Command) -> None:
    before = sorted(path.name for path in (shipped("schemas") / "notices").iterdir())
    assert hub("schema", "register", "--json").value == {"written": []}
    assert sorted(path.name for path in (shipped("schemas") / "notices").iterdir()) == before
