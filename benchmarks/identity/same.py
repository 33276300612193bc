"""Does the matcher stand where it stood: after a replay of its decisions, a restart from what was kept, and every record told twice?"""

from collections.abc import Iterable, Sequence

from hub.identity.identity import Identity
from hub.identity.inputs import Asserted
from hub.identity.model import Model
from hub.identity.said import Said
from hub.identity.snapshot import restore, snapshot

Told = Iterable[tuple[int, Said]]


def same_after(model: Model, records: Sequence[Said]) -> dict[str, bool]:
    """By what happened, whether the end is the same as without."""
    told, half = list(enumerate(records)), len(records) // 2
    straight = _decided(_new(model), told)
    ends = {
        "replay": _replayed(model, straight, told),
        "restart": _decided(_restarted(model, _decided(_new(model), told[:half])), told[half:]),
        "offered again": _decided(_new(model), (each for each in told for _ in range(2))),
        "told twice": _decided(_new(model), ((2 * offset + again, said) for offset, said in told for again in range(2))),
    }
    end = straight.standing()
    return {happened: identity.standing() == end for happened, identity in ends.items()}


def _new(model: Model) -> Identity:
    return Identity(model, accept_reserved=True)


def _restarted(model: Model, identity: Identity) -> Identity:
    return restore(snapshot(identity), model, accept_reserved=True)


def _decided(identity: Identity, told: Told) -> Identity:
    for offset, said in told:
        identity.evolve(identity.decide(Asserted(said), offset), offset)
    return identity


def _replayed(model: Model, first: Identity, told: Told) -> Identity:
    identity = _new(model)
    for offset, said in told:
        step = first.history.at(offset)
        identity.replay(Asserted(said), offset, step.decisions if step else ())
    return identity
