"""`hub user` and `hub audit`: who may use the hub, and who looked."""

import pytest

from hub.cli.access import accounts, record
from hub.cli.composition import closing, open_house
from hub.privacy.access_record import Kind, Look, Seen
from hub.settings import Settings
from tests.cli.conftest import Command


@pytest.fixture
def made(hub: Command) -> Command:
    """A new hub."""
    assert hub("init").code == 0
    return hub


def test_an_account_is_made_its_password_told_once_and_it_can_be_ended(made: Command) -> None:
    added = made("user", "add", "Ada", "--role", "adviser", "--team", "front-office", "--json").value
    assert len(added["password"]) >= 12
    listed = made("user", "list", "--json").value
    assert [(each["name"], each["role"], each["disabled"]) for each in listed] == [("Ada", "adviser", False)]
    assert added["password"] not in str(listed)
    made("user", "disable", "ada")
    assert made("user", "list", "--json").value[0]["disabled"]


def test_an_account_has_a_role_that_there_is_and_a_name_that_is_free(made: Command) -> None:
    assert made("user", "add", "Ada", "--role", "king").code == 2
    assert made("user", "add", "Ada", "--role", "adviser").code == 0
    assert made("user", "add", "ADA", "--role", "adviser").code == 2


def test_who_saw_a_person_is_told_and_the_record_verifies_until_somebody_changes_it(made: Command) -> None:
    with closing(open_house(Settings(folder=made.folder / "hub-data"))) as house:
        seen = (Seen(about="p1", record_class="person", controller="council", shown=("names",)),)
        look = Look(kind=Kind.DATA_ACCESSED, actor="a1", role="adviser", organisation="council", purpose="answer-enquiry", seen=seen)
        record(house).write(look)
        assert accounts(house).listing() == []
    told = made("audit", "who-saw", "p1", "--json").value
    assert [(each["actor"], each["purpose"], each["shown"]) for each in told] == [("a1", "answer-enquiry", ["names"])]
    assert made("audit", "verify").code == 0
    with closing(open_house(Settings(folder=made.folder / "hub-data"))) as house, house.store.write() as tx:
        tx.run("UPDATE access_record SET body = replace(body, 'a1', 'a2')")
        assert tx.rows("SELECT COUNT(*) FROM outbox WHERE stream = 'access'") == [(1,)]
    assert made("audit", "verify").code == 1
