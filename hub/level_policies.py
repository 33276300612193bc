"""The file that says which clocks run over what, read strictly; a fault is said with file and line."""

from functools import cache
from pathlib import Path

from hub.clock_policies import load as load_clocks
from hub.clocks.levels import CaseRule, Known, Levels
from hub.clocks.packs import Nation
from hub.configuration import Configuration, Location, checked, line_of, load_document
from hub.model.errors import Misconfigured

FILE = "service-levels.yaml"


class _CaseRule(Configuration):
    policy: str
    services: tuple[str, ...] = ()
    service_codes: tuple[str, ...] = ()
    on_hand_off: bool = False


class _Levels(Configuration):
    nation: Nation
    cases: tuple[_CaseRule, ...] = ()
    complaints: tuple[str, ...] = ()


def load(folder: Path) -> Levels:
    """The policies in this folder and where they apply; raises Misconfigured with file and line."""
    path = folder / FILE
    document = load_document(path)
    said = checked(path, document, _Levels)
    policies = load_clocks(folder)
    named: list[tuple[Location, str]] = [(("cases", n, "policy"), rule.policy) for n, rule in enumerate(said.cases)]
    named += [(("complaints", n), policy) for n, policy in enumerate(said.complaints)]
    for where, policy in named:
        if policy not in policies.packs:
            key = ".".join(map(str, where))
            raise Misconfigured(f"{path}:{line_of(document, where)}: {key}", f"there is no policy {policy}", "hub clocks list names them")
    rules = tuple(
        CaseRule(
            policy=rule.policy, services=frozenset(rule.services), service_codes=frozenset(rule.service_codes), on_hand_off=rule.on_hand_off
        )
        for rule in said.cases
    )
    return Levels(policies=policies, nation=said.nation, cases=rules, complaints=frozenset(said.complaints))


def known(folder: Path) -> Known:
    """The levels in this folder, read once, when first asked for."""
    return cache(lambda: load(folder))


def files(folder: Path) -> tuple[Path, ...]:
    """What decides which clocks run and how; not the bank holidays, by which they are counted anew at any time."""
    return (folder / FILE, folder / "calendars/calendars.yaml", *sorted((folder / "clocks").glob("*.yaml")))
