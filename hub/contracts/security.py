"""What happened to access rights, keys and policies."""

from dataclasses import dataclass
from datetime import date

from hub.contracts.people_words import DenialReason, KeyAction
from hub.model.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessDenied(Event):
    """Somebody was refused."""

    about: str
    role: str | None = None
    acting_for: str | None = None
    action: str
    purpose: str | None = None
    reason: DenialReason


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRotated(Event):
    """Keys were rotated, destroyed or brought back."""

    about: str
    action: KeyAction
    version: int
    keys: int
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChanged(Event):
    """A policy file took effect in another version."""

    about: str
    digest: str
    previous_digest: str | None = None
    effective_from: date | None = None
    actor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationSucceeded(Event):
    """One organisation took over from another: its duties, and the data it answers for."""

    about: str
    successor: str
    effective_from: date


SecurityEvent = AccessDenied | KeyRotated | PolicyChanged | OrganisationSucceeded
"""Every event of this kind: `match` over it ends in `assert_never`."""
