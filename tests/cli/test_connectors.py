"""A person accepts that much of a source is really gone."""

from tests.cli.conftest import Command


def test_what_a_person_accepts_is_kept_with_its_reason(hub: Command) -> None:
    assert hub("init").code == 0
    said = hub("connector", "accept-absence", "people-housing", "12-ab 2.csv", "--reason", "the estate was transferred", "--json")
    assert (said.code, said.value) == (0, {"connector": "people-housing", "accepted": "12-ab 2.csv"})


def test_nothing_is_accepted_without_a_reason(hub: Command) -> None:
    assert hub("connector", "accept-absence", "people-housing", "12-ab 2.csv").code == 2
