"""What might bring erased people back: a rematch, a view rebuilt, a store brought back from a backup made before the erasure."""

import json
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from hub.cli import identity, keeping, seeing
from hub.cli.composition import House, closing, open_house
from hub.engine.outbox import unpack
from hub.model.errors import Rejected
from hub.people.gathering import plain_values
from hub.privacy.accounts import NewAccount
from hub.privacy.sealing import unseal_all
from projections.party_facts import PROJECTION as FACTS
from tests.prove.checker import Finding
from tests.prove.planted import SOURCES, Person
from tests.prove.world import NotQuiet

if TYPE_CHECKING:
    from tests.prove.erasure import Ground

WORD = "a long enough pass phrase"
PATIENCE = 480.0


def rematched(hub: "Ground") -> Iterator[Finding]:
    """An officer looks at what the weights would make of everything, and releases it."""
    seeing.entrance(hub.house).accounts.add(NewAccount(name="stella", role="data-steward", organisation="tameside", password=WORD))
    code, plan = _asked(hub, "rematch")
    if code or plan["parties"]:
        yield Finding("inconsistent", f"a rematch after an erasure would move {plan}")
        return
    code, done = _asked(hub, "rematch", "--release", plan["plan"], "--by", "stella")
    if code or done["events"] != 1:
        yield Finding("unaccounted", "the rematch was not released")
    hub.until(hub.settled, "the rematch to be decided", PATIENCE)


def _asked(hub: "Ground", *arguments: str) -> tuple[int, Any]:
    settings = hub.house.settings
    named = {"HUB_FOLDER": settings.folder, "HUB_STORE": settings.store, "HUB_BOOTSTRAP": settings.kafka.bootstrap}
    environment = {name: str(value) for name, value in named.items()} | {"HUB_CONTROLLER": "tameside", "HUB_DEMONSTRATION": "true"}
    config = hub.folder / "rematch.yaml"
    config.write_text("demonstration: true\nidentity: {accept_reserved: true}\n")
    ran = CliRunner().invoke(identity.app, [*arguments, "--config", str(config), "--json"], env=environment, catch_exceptions=False)
    return ran.exit_code, json.loads(ran.stdout) if ran.exit_code == 0 else ran.stderr


def rebuilt(hub: "Ground") -> Iterator[Finding]:
    """A new version of the facts of every party, and a new owner of identity: both read everything from the beginning."""
    with hub.house.store.write() as tx:
        tx.run("DELETE FROM process_snapshot")
    later = tuple(replace(each, version=2) if each.name == FACTS.name else each for each in hub.house.views.projections)
    hub.again(replace(hub.house.views, projections=later))
    hub.until(hub.settled, "the new version to read everything", PATIENCE)
    with hub.house.store.read() as tx:
        first, second = (tx.rows(f"SELECT key, customer_id, names FROM party_facts_v{n} ORDER BY key") for n in (1, 2))
    if first != second or not first:
        yield Finding("inconsistent", f"rebuilt, the facts of {len(second)} parties are not those of the {len(first)} before")


def copied(hub: "Ground") -> Path | None:
    """A backup of the store, as `hub backup` makes it; none of PostgreSQL, whose own programs may not be here."""
    if hub.house.settings.postgresql:
        return None
    copy = hub.folder / "backup.sqlite"
    config = hub.folder / "backup.yaml"
    config.write_text(f"folder: {hub.house.settings.folder}\ncontroller: tameside\n")
    keeping.backup(copy, keys=False, config=config)
    return copy


def brought_back(hub: "Ground", copy: Path | None, gone: Sequence[Person]) -> Iterator[Finding]:
    """The backup and the keys that are left: nobody who was erased can be read of it, or is found by a hub that begins on it."""
    if copy is None:
        return
    folder = hub.folder / "restored"
    config = hub.folder / "restored.yaml"
    config.write_text(f"folder: {folder}\ncontroller: tameside\n")
    keys = hub.folder / "keys"
    keeping.backup(keys, keys=True, config=hub.folder / "backup.yaml")
    keeping.restore(keys, config=config)
    keeping.restore(copy, config=config)
    settings = hub.house.settings.model_copy(update={"folder": folder})
    with closing(open_house(settings)) as house:
        _gather(hub, house)
        text = "\n".join(_readable(house))
        with house.store.read() as tx:
            words = [sum(tx.rows("SELECT COUNT(*) FROM search_term WHERE party = ?", (p.party(s),))[0][0] for s in SOURCES) for p in gone]
    yield from (Finding("phantom", f"person {p.n} is found by a restored hub") for p, found in zip(gone, words, strict=True) if found)
    left = [f"{what} of person {p.n}" for p in gone for what, value in p.values.items() if value in text]
    yield from (Finding("phantom", f"{each} can be read of a backup") for each in left)
    if "Row" not in text:
        yield Finding("unaccounted", "nothing at all can be read of the backup")
    shutil.rmtree(folder)


def _gather(hub: "Ground", house: House) -> None:
    """The follower of the restored hub reads every log to its end."""
    follower, stop = seeing.follower(house), threading.Event()
    ends = hub.ends(follower.positions())
    thread = threading.Thread(target=follower.run, args=(house.kafka, stop))
    thread.start()
    try:
        end = time.monotonic() + PATIENCE
        while any(at < ends[place] for place, at in follower.positions().items()):
            if time.monotonic() > end:
                raise NotQuiet("the restored hub does not come to the ends of the logs")
            stop.wait(0.2)
    finally:
        stop.set()
        thread.join(30)


def _readable(house: House) -> Iterator[str]:
    """Every personal value in the store that a key opens."""
    decode = house.contracts.decoder()
    with house.store.read() as tx:
        frames = [bytes(frame) for (frame,) in tx.rows("SELECT event FROM party_event")]
        frames += [record.value for (blob,) in tx.rows("SELECT records FROM outbox") for record in unpack(bytes(blob))]
        refused = tx.rows("SELECT connector, origin, original FROM quarantine")
    events = []
    for frame in frames:
        with suppress(Rejected):
            events.append(decode(frame))
    for event in unseal_all([event for event in events if event is not None], house.contracts, house.keys):
        yield from plain_values(event).values()
    for connector, origin, box in refused:
        with suppress(Rejected):
            yield house.originals.open(bytes(box), f"{connector}/{origin}").decode()
