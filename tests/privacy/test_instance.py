from contextlib import closing
from pathlib import Path

import pytest

from hub.model.errors import Misconfigured
from hub.privacy.instance import IF_LOST, make_instance, open_instance, own_keys
from hub.privacy.keys import Key
from hub.privacy.scope import KeyScope

SCOPE = KeyScope("tameside", "party-1", "service-request", 2032)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "council" / "hub"


def test_a_new_hub_is_found_again_as_it_was_made(folder: Path) -> None:
    made = make_instance(folder)
    assert open_instance(folder) == made
    assert made.ids.of("csv", "1") == open_instance(folder).ids.of("csv", "1")


def test_two_hubs_have_nothing_in_common(folder: Path) -> None:
    one, other = make_instance(folder), make_instance(folder.with_name("other"))
    assert one.instance_id != other.instance_id
    assert one.ids.of("csv", "1") != other.ids.of("csv", "1")


def test_a_hub_is_never_made_over_another(folder: Path) -> None:
    made = make_instance(folder)
    with pytest.raises(Misconfigured, match="exists already"):
        make_instance(folder)
    assert open_instance(folder) == made


def test_its_secrets_are_for_their_owner_alone(folder: Path) -> None:
    make_instance(folder)
    paths = [folder, *folder.rglob("*")]
    assert {path.name for path in paths} == {"hub", "instance.json", "ids.secret", "operator", "1.key", "keys.sqlite"}
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_file()} == {0o600}


def test_a_folder_that_cannot_be_written_is_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Misconfigured, match="cannot be made"):
        make_instance(tmp_path / "file" / "hub")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_no_repr_shows_the_secret(folder: Path) -> None:
    made = make_instance(folder)
    assert repr(made.id_secret)[2:-1] not in repr(made)


@pytest.mark.parametrize("name", ["instance.json", "ids.secret", "keys.sqlite"])
def test_a_file_that_is_lost_is_named_and_never_made_anew(folder: Path, name: str) -> None:
    make_instance(folder)
    (folder / name).unlink()
    with pytest.raises(Misconfigured, match=r"holds no hub|cannot be read|is missing"):
        own_keys(open_instance(folder))
    assert not (folder / name).exists()
    assert name in IF_LOST


def test_a_lost_operators_key_is_named_and_never_made_anew(folder: Path) -> None:
    (make_instance(folder).ring_folder / "1.key").unlink()
    with pytest.raises(Misconfigured, match=r"1\.key: the operator's key is missing"):
        own_keys(open_instance(folder))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"instance_id": 7}', '{"instance_id": "x"}', "\xff"])
def test_a_damaged_file_is_named(folder: Path, text: str) -> None:
    make_instance(folder)
    (folder / "instance.json").write_text(text, "latin-1")
    with pytest.raises(Misconfigured, match=r"instance\.json: is damaged"):
        open_instance(folder)


def test_a_secret_that_others_may_read_is_refused(folder: Path) -> None:
    make_instance(folder)
    (folder / "ids.secret").chmod(0o640)
    with pytest.raises(Misconfigured, match="others may read it"):
        open_instance(folder)


def test_a_short_secret_is_refused(folder: Path) -> None:
    make_instance(folder)
    (folder / "ids.secret").write_bytes(b"short")
    with pytest.raises(Misconfigured, match="has 5 bytes, not 32"):
        open_instance(folder)


def test_the_hubs_own_key_store_keeps_its_keys(folder: Path) -> None:
    instance = make_instance(folder)
    with closing(own_keys(instance)) as keys:
        made = keys.keys_for([SCOPE])[SCOPE]
    with closing(own_keys(instance)) as keys:
        assert isinstance(made, Key)
        assert keys.keys_for([SCOPE]) == {SCOPE: made}
