"""`hub identity train`: weights from a council's own records, in a file that the hub can use."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.identity.hazards import write
from hub.cli.identity import app
from hub.identity.model import from_json
from hub.model.errors import Misconfigured


def test_weights_are_learned_from_files_and_can_be_read(tmp_path: Path) -> None:
    write(tmp_path, people=120, seed=5)
    files = ["--records", str(tmp_path / "records.csv"), "--truth", str(tmp_path / "truth.csv"), "--out", str(tmp_path / "w.json")]
    done = CliRunner().invoke(app, ["train", *files, "--reserved", "--json"])
    assert done.exit_code == 0
    assert from_json((tmp_path / "w.json").read_text()).version == "labels-records"


def test_a_file_without_record_ids_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "records.csv").write_text("forename,surname\nAda,Marsdenhall\n")
    done = CliRunner().invoke(app, ["train", "--records", str(tmp_path / "records.csv"), "--out", str(tmp_path / "w.json")])
    with pytest.raises(Misconfigured, match="record_id"):
        raise done.exception or AssertionError("it was taken")
