"""`hub life-event`: who was told of what, what is said at a desk, and what is asked again, by commands beside a running hub."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.contracts.notification_words import Outcome
from tests.cli.conftest import NOWHERE, Command
from tests.telling.desk import ACCOUNT, DEAD, LIFE_EVENT, Desk, desk, died
from tests.view.town import BORN

START = ("life-event", "start")


@pytest.fixture
def council(tmp_path: Path, hub: Command) -> Iterator[Desk]:
    """A council with one council tax payer, known to the registrar too, and the command set up for it."""
    with desk(tmp_path) as made:
        hub.environment.update({"HUB_FOLDER": str(tmp_path / "hub"), "HUB_CONTROLLER": "borough-of-exampleton"})
        made.known(ACCOUNT, "council-tax")
        made.known(DEAD, "gro")
        made.set(ACCOUNT, DEAD)
        yield made


def test_life_events_are_listed_and_shown_with_one_row_for_each_recipient(council: Desk, hub: Command) -> None:
    assert hub("life-event", "list").said == "none\n"
    council.say(died())
    council.carry()
    council.answer("council-tax", Outcome.ACTIONED)
    (listed,) = hub("life-event", "list", "--json").value
    assert (listed["life_event_id"], listed["kind"], listed["actioned"], listed["late"]) == (LIFE_EVENT, "bereavement", 1, 0)
    shown = {row["agreement"]: row for row in hub("life-event", "show", LIFE_EVENT, "--json").value}
    assert (shown["council-tax"]["state"], shown["council-tax"]["sent_at"] is None) == ("ACTIONED", False)
    assert (shown["dwp"]["state"], shown["dwp"]["reason"]) == ("WITHHELD", "TOLD_ELSEWHERE")
    assert "TOLD_ELSEWHERE" in hub("life-event", "show", LIFE_EVENT).said


def test_what_nobody_is_told_of_is_not_shown(council: Desk, hub: Command) -> None:
    assert council.boxes
    ran = hub("life-event", "show", "another")
    assert (ran.code, "is no life event that anybody is told of" in ran.complained) == (2, True)


def test_a_move_is_started_and_told(council: Desk, hub: Command) -> None:
    said = ("--party", ACCOUNT, "--on", "2026-11-20", "--to-address", "1 New Street, QX4 8AA")
    started = hub(*START, "move", *said, "--choose", "library", "--json").value
    council.town.settle()
    council.carry()
    (notice,) = council.boxes["council-tax"].got
    assert (notice.life_event_id, notice.values["to_address"]) == (started["life_event_id"], "1 New Street, QX4 8AA")
    assert council.line("library", None, started["life_event_id"]).reason == "NO_REFERENCE"


def test_a_death_is_started_with_its_certificate_only(council: Desk, hub: Command) -> None:
    said = ("--party", ACCOUNT, "--on", "2026-11-20")
    assert "--registration" in hub(*START, "bereavement", *said, "--born", BORN).complained
    assert "--born" in hub(*START, "bereavement", *said, "--registration", "900000017", "--born", "1954-03-22").complained
    assert hub(*START, "bereavement", *said, "--registration", "900000017", "--born", BORN).code == 0
    council.town.settle()
    council.carry()
    assert council.boxes["council-tax"].instructions == [(1, "TELL")]


@pytest.mark.parametrize(
    ("kind", "more", "complaint"),
    [
        ("birth", (), "is nothing that is told at a desk"),
        ("move", ("--choose", "the-king"), "is no agreement"),
        ("move", ("--party", "nobody"), "is no record that any source speaks of"),
    ],
)
def test_what_cannot_be_told_is_refused(council: Desk, hub: Command, kind: str, more: tuple[str, ...], complaint: str) -> None:
    ran = hub(*START, kind, "--party", ACCOUNT, "--on", "2026-11-20", *more)
    assert (ran.code, complaint in ran.complained) == (2, True)
    assert council.engine.relay() == 0


def test_the_kinds_say_who_is_told_of_each(hub: Command) -> None:
    kinds = {row["kind"]: row for row in hub("life-event", "types", "--json").value}
    assert kinds.keys() == {"bereavement", "move", "birth", "unemployment"}
    assert {"council-tax", "library"} <= set(kinds["bereavement"]["told"])
    assert "library" in kinds["bereavement"]["by_choice"]
    assert "council-tax" not in kinds["bereavement"]["by_choice"]


def test_nobody_is_asked_again_where_nothing_was_sent(council: Desk, hub: Command) -> None:
    council.say(died())
    assert "kafka.bootstrap" in hub("life-event", "nudge", LIFE_EVENT).complained
    hub.settings(f"kafka:\n  bootstrap: {NOWHERE}\n")
    ran = hub("life-event", "nudge", LIFE_EVENT)
    assert (ran.code, ran.said) == (1, "sent again to nobody\n")
