"""Which organisation provides a service at a place? In two-tier areas some services are the county's, the others the district's.

The place says who is its local custodian, a district or a unitary council; the list of services says on which tier each is provided
(GOV.UK local services, `policies/service-tiers.csv`); the partnership says to which county a district belongs.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hub.contracts.vocabulary import Tier
from hub.model.errors import Misconfigured
from hub.privacy.organisations import Organisation, OrganisationTier, Partnership, answers_for

_TIERS = {"county/unitary": Tier.COUNTY, "district/unitary": Tier.DISTRICT, "all": Tier.ALL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who provides a service, and on which tier."""

    organisation: str
    tier: Tier


def load_tiers(folder: Path) -> Mapping[str, Tier]:
    """By LGSL code, the tier that provides the service; raises Misconfigured with the line at fault."""
    path = folder / "service-tiers.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for line, row in enumerate(rows, 2):
        if row["Providing Tier"] not in _TIERS or not row["LGSL"].isdecimal():
            raise Misconfigured(f"{path}:{line}", "names no LGSL code, or a tier that is none", f"one of {', '.join(_TIERS)}")
    return {row["LGSL"]: _TIERS[row["Providing Tier"]] for row in rows}


def provider(partnership: Partnership, tiers: Mapping[str, Tier], custodian: str, service: str, on: date) -> Provider | None:
    """Who provides this service at a place of this custodian on this day; None where service or custodian is not known here."""
    local, tier = _custodian(partnership, custodian, on), tiers.get(service)
    if local is None or tier is None:
        return None
    if local.tier is OrganisationTier.UNITARY:
        return Provider(organisation=local.id, tier=Tier.UNITARY)
    if tier is Tier.COUNTY:
        return Provider(organisation=answers_for(partnership, local.county, on), tier=tier) if local.county else None
    return Provider(organisation=local.id, tier=tier)


def _custodian(partnership: Partnership, custodian: str, on: date) -> Organisation | None:
    for organisation in partnership.organisations.values():
        begun = organisation.valid_from <= on and (organisation.valid_to is None or on <= organisation.valid_to)
        if organisation.custodian == custodian and begun:
            return organisation
    return None
