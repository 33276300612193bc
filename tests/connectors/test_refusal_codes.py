"""Every reason a connector gives is of the closed list, and every connector's reason on the list is given by one."""

import re
from pathlib import Path

from connectors import CONFIG
from hub.contracts.rejections import Rejection

CODE = re.compile(r'"((?:csv|dwp|file|gro|open311|signal|xml)-[a-z0-9-]+)"')


def given() -> set[str]:
    return {code for path in CONFIG.parent.rglob("*.py") for code in CODE.findall(Path(path).read_text())}


def test_every_reason_is_of_the_closed_list() -> None:
    assert given() <= set(Rejection)


def test_no_reason_is_on_the_list_for_nothing() -> None:
    assert {code for code in Rejection if code.startswith(("csv-", "dwp-", "file-", "gro-", "open311-", "signal-", "xml-"))} <= given()
