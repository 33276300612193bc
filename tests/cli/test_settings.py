"""What is set is checked before anything is begun; what is wrong is said with key, file and line, and what was meant."""

import pytest

from tests.cli.conftest import Command


def test_no_settings_at_all_are_in_order(hub: Command) -> None:
    assert hub("config", "check").said == "the settings are in order\n"
    assert hub("config", "check", "--json").value == {"ok": True}


@pytest.mark.parametrize("command", [("config", "check"), ("up",), ("init",), ("dlq", "list")])
def test_a_misspelt_key_is_refused_with_its_line_and_what_was_meant(hub: Command, command: tuple[str, ...]) -> None:
    hub.settings("controller: tameside\nkafka:\n  bootstrap: 127.0.0.1:9092\n  replicaton_factor: 3\n")
    ran = hub(*command)
    assert (ran.code, ran.said) == (2, "")
    assert ran.complained == (
        "hub: hub.yaml:4: kafka.replicaton_factor: Extra inputs are not permitted (did you mean replication_factor?)\n"
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("controller: tameside\nweb:\n  port: s3cret\n", "hub.yaml:3: web.port: Input should be a valid integer"),
        ("store: host=db password=s3cret\n", "hub.yaml:1: store: is not the address of a PostgreSQL: postgresql://user@host/database"),
        ("store: [s3cret\n", "hub.yaml:2: "),
        ("- s3cret\n", "hub.yaml:1: is not a mapping of settings"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_not_repeated(hub: Command, text: str, complaint: str) -> None:
    hub.settings(text)
    ran = hub("config", "check")
    assert ran.code == 2
    assert ran.complained.startswith(f"hub: {complaint}")
    assert "s3cret" not in ran.complained


def test_a_settings_file_that_is_named_must_be_there(hub: Command) -> None:
    ran = hub("config", "check", "--config", "elsewhere.yaml")
    assert (ran.code, ran.complained) == (2, "hub: elsewhere.yaml: cannot be read: No such file or directory\n")


def test_the_environment_wins_over_the_file(hub: Command) -> None:
    hub.settings("web:\n  port: 8081\n")
    hub.environment["HUB_WEB_PORT"] = "8082"
    assert hub("config", "show", "--json").value["web"]["port"] == 8082


def test_what_is_in_force_is_shown_without_what_is_secret(hub: Command) -> None:
    hub.settings(
        "store: postgresql://hub:s3cret@db.example:5433/hub\nkeys: postgresql://keys:s3cret@keys.example/keys\n"
        "kafka:\n  bootstrap: 127.0.0.1:1\n  security: {sasl.password: s3cret, ssl.key.password: s3cret, security.protocol: SASL_SSL}\n"
    )
    ran = hub("config", "show", "--json")
    assert (ran.value["store"], ran.value["keys"]) == ("postgresql://db.example:5433/hub", "postgresql://keys.example/keys")
    assert ran.value["kafka"]["security"]["security.protocol"] == "SASL_SSL"
    assert "s3cret" not in ran.said + hub("config", "show").said


def test_every_setting_says_what_it_means(hub: Command) -> None:
    assert hub("config", "explain", "kafka.replication_factor", "--json").value == {
        "key": "kafka.replication_factor",
        "means": "Copies of every topic that `hub provision` creates; 3 in service.",
        "type": "int",
        "default": 1,
    }
    assert hub("config", "explain", "kafka.nonsense").code == 2
