"""Numbers kept for tests count for nobody in service; and no source is compared with others without an agreement."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.cli.people import check_compared, load_weights, partnership
from hub.model.errors import Misconfigured
from hub.settings import Settings, load
from tests.people.drops import config, source

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def settings(folder: Path, text: str) -> Settings:
    (folder / "hub.yaml").write_text(text)
    return load(folder / "hub.yaml", {})


def test_a_hub_in_service_does_not_start_with_test_numbers_accepted(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="takes test numbers for real ones"):
        settings(tmp_path, "identity:\n  accept_reserved: true\n")


def test_a_demonstration_may_accept_them_but_is_not_a_cluster_in_service(tmp_path: Path) -> None:
    assert settings(tmp_path, "demonstration: true\nidentity: {accept_reserved: true}\n").identity.accept_reserved
    with pytest.raises(Misconfigured, match="that of a hub in service"):
        settings(tmp_path, "demonstration: true\nkafka: {replication_factor: 3}\n")


def test_a_source_that_no_agreement_lists_is_not_compared(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no agreement lets gossip of borough-of-exampleton be compared"):
        check_compared(source(config(tmp_path, system="gossip")), partnership(), NOW)
    check_compared(source(config(tmp_path)), partnership(), NOW)
    check_compared(source(config(tmp_path, system="gossip", match_domain="police")), partnership(), NOW)


def test_weights_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.json").write_text("{}")
    with pytest.raises(Misconfigured, match="does not hold this release's weights"):
        load_weights(tmp_path / "weights.json")
    with pytest.raises(Misconfigured, match="cannot be read"):
        load_weights(tmp_path / "nothing.json")
