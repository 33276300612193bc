"""A person accepts that much of a source is really gone."""

import json

from tests.cli.conftest import Command


def test_what_a_person_accepts_is_kept_with_its_reason(hub: Command) -> None:
    assert hub("init").code == 0
    said = hub("connector", "accept-absence", "people-housing", "12-ab 2.csv", "--reason", "the estate was transferred", "--json")
    assert (said.code, said.value) == (0, {"connector": "people-housing", "accepted": "12-ab 2.csv"})


def test_nothing_is_accepted_without_a_reason(hub: Command) -> None:
    assert hub("connector", "accept-absence", "people-housing", "12-ab 2.csv").code == 2


def test_a_connector_is_made_tried_applied_and_steered_from_the_command_line(hub: Command) -> None:
    assert hub("connector", "new", "csv_drop", "crm", "--json").value == {"written": ["crm.yaml", "crm_test.yaml"]}
    assert hub("connector", "new", "csv_drop", "crm").code == 2
    assert hub("connector", "lint", ".", "--json").value == []
    assert [row["ok"] for row in hub("connector", "test", ".", "--json").value] == [True, True]
    assert hub("init").code == 0
    assert hub("connector", "apply", "crm.yaml", "--json").value == {"connector": "crm", "done": "made"}
    assert hub("connector", "apply", "crm.yaml", "--json").value == {"connector": "crm", "done": "applied"}
    assert [(row["name"], row["state"]) for row in hub("connector", "list", "--json").value] == [("crm", "UNASSIGNED")]
    assert hub("connector", "restart", "crm", "--json").value == {"connector": "crm", "tasks": [0]}
    assert hub("connector", "offsets", "reset", "crm").code == 1
    for command, wish in (("pause", "PAUSED"), ("resume", "RUNNING"), ("stop", "STOPPED")):
        assert hub("connector", command, "crm", "--json").value == {"connector": "crm", "wish": wish}
    assert hub("connector", "offsets", "set", "crm", "{}").code == 0
    assert hub("connector", "offsets", "get", "crm", "--json").value == {
        "offsets": [{"partition": {"connector": "crm"}, "offset": {"cursor": "{}"}}]
    }
    described = hub("connector", "describe", "crm", "--json").value
    assert (described["state"], described["wish"], described["config"]["connector.class"]) == ("STOPPED", "STOPPED", "csv_drop")
    assert hub("connector", "delete", "crm").code == 0
    assert hub("connector", "describe", "crm").code == 2


def test_a_source_is_read_without_a_hub_and_what_is_personal_is_hidden(hub: Command) -> None:
    hub("connector", "new", "csv_people", "readers")
    (hub.folder / "dropped").mkdir()
    (hub.folder / "dropped/a.csv").write_text("Card,Changed,First,Last,Born,Postcode,Phone\nL7,05/03/2026,Ann,Reader,,QX1 1AA,\n")
    path = hub.folder / "readers.yaml"
    path.write_text(path.read_text() + "settle_seconds: 0\nparty_kind: ${env:KIND}\n")
    assert hub("connector", "check", "readers.yaml").code == 2
    hub.environment["KIND"] = "PERSON"
    assert hub("connector", "check", "readers.yaml", "--json").value["status"] == "SUCCEEDED"
    (row,) = hub("connector", "read", "readers.yaml", "--limit", "5", "--json").value
    assert (row["event"], row["data"]["kind"], row["data"]["names"]) == ("PartyAsserted", "PERSON", "…")
    assert "Reader" not in str(row)
    assert hub("connector", "discover", "readers.yaml", "--json").value[0]["event"] == "PartyAsserted"
    path.write_text(path.read_text().replace("dropped", "nowhere"))
    assert hub("connector", "check", "readers.yaml").code == 3


def test_what_is_wrong_with_a_file_is_said_by_line_and_column(hub: Command) -> None:
    hub("connector", "new", "csv_drop", "crm")
    path = hub.folder / "crm.yaml"
    path.write_text(path.read_text().replace("zone:", "zoen:"))
    ran = hub("connector", "lint", "crm.yaml")
    assert (ran.code, "crm.yaml:9:1: zoen: Extra inputs are not permitted (did you mean zone?)" in ran.said) == (1, True)
    assert hub("connector", "apply", "crm.yaml").code == 2


def test_a_kind_says_what_it_is_and_what_it_can_be_told(hub: Command) -> None:
    assert hub("connector", "spec", "open311", "--json").value["connectionSpecification"]["properties"]["begin"]
    said = hub("connector", "about", "open311", "--format", "md").said
    assert "| `begin` | STRING | required |" in said
    assert hub("connector", "about", "open3111").complained == "hub: kind: is not a kind of source (did you mean open311?)\n"


def test_a_configuration_of_kafka_connect_is_written_as_yaml_and_back(hub: Command) -> None:
    config = {"connector.class": "FileStreamSource", "tasks.max": "1", "file": "in.txt", "topic": "t"}
    (hub.folder / "lines.json").write_text(json.dumps({"name": "lines", "config": config | {"name": "lines"}}))
    (hub.folder / "lines.yaml").write_text(hub("connector", "convert", "lines.json").said)
    assert hub("connector", "convert", "lines.yaml", "--json").value == {"name": "lines", "config": config | {"name": "lines"}}
    hub("connector", "new", "csv_drop", "crm")
    flat = hub("connector", "convert", "crm.yaml", "--json").value
    (hub.folder / "again.json").write_text(json.dumps(flat))
    (hub.folder / "again.yaml").write_text(hub("connector", "convert", "again.json").said)
    assert hub("connector", "convert", "again.yaml", "--json").value == flat
