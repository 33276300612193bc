"""`hub keys`: the operator's key changed, and erasures done again after a key store was restored."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.composition import House, closing
from hub.cli.output import Config, Json, house, say
from hub.model.errors import Misconfigured
from hub.privacy.ring import versions
from hub.privacy.scope import KeyScope

app = typer.Typer(help="The operator's key and the key store: docs/keys.md says when.", no_args_is_help=True)

_AT_ONCE = 1000


@app.command()
def rotate(*, config: Config = None, as_json: Json = False) -> None:
    """Make a new operator's key and wrap every data key by it, while the hub runs; the old one stays until `hub keys retire`."""
    with closing(house(config)) as opened:
        wrapped = opened.keys.rotate()
        said = {
            "wrapped": wrapped,
            "operators_keys": _versions(opened),
            "then": "back up the new key and the key store; then hub keys retire",
        }
    say(said, as_json=as_json)


@app.command()
def retire(*, config: Config = None, as_json: Json = False) -> None:
    """Destroy every operator's key but the newest: what they wrapped in older backups opens nothing any more."""
    with closing(house(config)) as opened:
        destroyed = opened.keys.retire()
        said = {"destroyed": list(destroyed), "operators_keys": _versions(opened)}
    say(said, as_json=as_json)


@app.command()
def status(*, config: Config = None, as_json: Json = False) -> None:
    """How many data keys there are and how many were destroyed, and which operator's keys the folder holds."""
    with closing(house(config)) as opened:
        live, destroyed = sum(1 for _ in opened.keys.live_scopes()), sum(1 for _ in opened.keys.tombstones())
        said = {"keys": live, "tombstones": destroyed, "operators_keys": _versions(opened)}
    say(said, as_json=as_json)


@app.command()
def tombstones(
    *,
    apply: Annotated[
        Path | None, typer.Option(help="A file this command printed with --json: destroy these keys here too, for good.")
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Which keys were destroyed; --apply destroys them again in a key store that was restored from an older backup."""
    with closing(house(config)) as opened:
        if apply is None:
            scopes: list[dict[str, Any]] = [scope._asdict() for scope in sorted(opened.keys.tombstones())]
            say(scopes, as_json=as_json)
            return
        gone = list(_read(apply))
        destroyed = sum(opened.keys.tombstone(gone[at : at + _AT_ONCE]) for at in range(0, len(gone), _AT_ONCE))
    say({"tombstones": len(gone), "keys_destroyed": destroyed}, as_json=as_json)


def _versions(opened: House) -> list[int]:
    return list(versions(opened.instance.ring_folder))


def _read(file: Path) -> Iterator[KeyScope]:
    try:
        for written in json.loads(file.read_text()):
            yield KeyScope(str(written["controller"]), str(written["owner"]), str(written["record_class"]), int(written["bucket"]))
    except OSError as error:
        raise Misconfigured(str(file), f"cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise Misconfigured(str(file), "is not what `hub keys tombstones --json` prints") from None
