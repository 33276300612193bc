"""Notices as files: whole or not there, named by a manifest, written again in their own place, gone when their time is over."""

import hashlib
import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.cli.telling import courier, couriers, transport_of
from hub.engine.failpoints import Failpoints
from hub.model.errors import Misconfigured, Unavailable
from hub.settings import Settings
from hub.telling.folder import FolderTransport
from projections.ledger_lines import LineState
from tests.telling.desk import ACCOUNT, AGREEMENTS, Desk, moved
from tests.telling.test_webhook import a_notice

REGISTER = "electoral-register"


def transport(folder: Path, now: datetime | None = None) -> FolderTransport:
    return FolderTransport(agreement=AGREEMENTS()[REGISTER], folder=folder, clock=lambda: now or datetime.now(UTC))


def manifests(folder: Path) -> list[dict[str, object]]:
    return [json.loads(path.read_bytes()) for path in sorted(folder.glob("*.manifest.json"))]


def test_what_stands_in_the_folder_is_what_the_manifest_says_in_order(tmp_path: Path) -> None:
    delivered = list(transport(tmp_path).deliver([a_notice("m-2"), a_notice("m-1")]))
    (said,) = manifests(tmp_path)
    body = (tmp_path / str(said["file"])).read_bytes()
    assert (said["sha256"], said["bytes"]) == (hashlib.sha256(body).hexdigest(), len(body))
    assert [json.loads(line)["message_id"] for line in body.splitlines()] == said["message_ids"] == ["m-2", "m-1"]
    assert [each.evidence for each in delivered] == [f"{said['file']}:1", f"{said['file']}:2"]
    assert {path.suffix for path in tmp_path.iterdir()} == {".jsonl", ".json"}
    assert {stat.S_IMODE(path.stat().st_mode) & 0o007 for path in tmp_path.iterdir()} == {0}


def test_what_is_written_again_after_a_crash_takes_its_own_place(tmp_path: Path) -> None:
    (tmp_path / f"{REGISTER}.m-1.notices.jsonl.new").write_bytes(b"half a l")
    for _ in range(2):
        list(transport(tmp_path).deliver([a_notice("m-1")]))
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_is_not_there_is_waited_for(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="folder electoral-register: No such file or directory"):
        list(transport(tmp_path / "share").deliver([a_notice()]))
    (tmp_path / "share").mkdir()
    assert len(list(transport(tmp_path / "share").deliver([a_notice()]))) == 1


def test_what_nobody_fetched_is_deleted_when_its_time_is_over_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    list(transport(tmp_path).deliver([a_notice("m-1")]))
    (tmp_path / "theirs.txt").write_text("theirs")
    long_ago = (datetime.now(UTC) - timedelta(days=AGREEMENTS()[REGISTER].retention_days, minutes=1)).timestamp()
    for path in tmp_path.iterdir():
        os.utime(path, (long_ago, long_ago))
    list(transport(tmp_path).deliver([a_notice("m-2")]))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{REGISTER}.m-2.manifest.json", f"{REGISTER}.m-2.notices.jsonl", "theirs.txt",
    ]  # fmt: skip


class Dying(Failpoints):
    """The process ends between the send and its receipt."""

    def reach(self, name: str) -> None:
        raise SystemExit(name)


@pytest.fixture
def share(council: Desk, tmp_path: Path) -> Path:
    """A folder that the settings name, with the courier that writes it."""
    (tmp_path / "share").mkdir()
    house = council.engine.house
    set_so = replace(house, settings=house.settings.model_copy(update={"folders": {REGISTER: tmp_path / "share"}}))
    made = transport_of(set_so, AGREEMENTS()[REGISTER])
    assert isinstance(made, FolderTransport)
    council.couriers[REGISTER] = courier(house, AGREEMENTS()[REGISTER], made)
    return tmp_path / "share"


def test_whoever_dies_before_the_receipt_writes_the_same_notice_again(council: Desk, share: Path) -> None:
    council.say(moved(ACCOUNT, REGISTER), source="front-office")
    with pytest.raises(SystemExit):
        replace(council.couriers[REGISTER], failpoints=Dying()).round()
    council.carry()
    (said,) = manifests(share)
    (line,) = (share / str(said["file"])).read_bytes().splitlines()
    assert [json.loads(line)["message_id"]] == said["message_ids"]
    assert council.line(REGISTER, None).state is LineState.SENT


def test_a_folder_for_an_agreement_that_is_told_otherwise_is_refused(council: Desk) -> None:
    house = council.engine.house
    wrong = replace(house, settings=Settings(folder=house.settings.folder, folders={"library": Path("share")}))
    with pytest.raises(Misconfigured, match=r"folders\.library: is not an active agreement with the transport file"):
        list(couriers(wrong))
