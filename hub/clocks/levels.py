"""Which clocks run over what: the policies in force, and which of them the council applies to which cases and complaints."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hub.clocks.packs import Nation, Pack, Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRule:
    """A policy that runs over cases of these services, by the list's code (LGSL) or the source's own; over all where none is named."""

    policy: str
    services: frozenset[str] = frozenset()
    service_codes: frozenset[str] = frozenset()
    on_hand_off: bool = False
    """Whether it runs only over cases that were handed off."""

    def applies(self, service: str | None, service_code: str | None) -> bool:
        """Whether it runs over cases of this service."""
        return not (self.services or self.service_codes) or service in self.services or service_code in self.service_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The policies in force and where they apply."""

    policies: Policies
    nation: Nation
    cases: tuple[CaseRule, ...]
    complaints: frozenset[str] = field(default_factory=frozenset)
    """The policies by which complaints may be handled."""

    def of_case(self, service: str | None, service_code: str | None) -> tuple[tuple[Pack, bool], ...]:
        """The policies that run over a case of this service, and whether only once it was handed off."""
        return tuple((self.policies.packs[rule.policy], rule.on_hand_off) for rule in self.cases if rule.applies(service, service_code))

    def of_complaint(self, policy: str | None) -> tuple[Pack, ...]:
        """The policy that a complaint is handled by; none where it is not known."""
        return (self.policies.packs[policy],) if policy in self.complaints and policy in self.policies.packs else ()


Known = Callable[[], Levels]
"""The levels, read when first asked for."""
