"""The council's access policy as it stands in `policies/`: read, checked and made into one frozen value.

`roles.yaml` says who there is and what they may look for, `access.yaml` who may see what. One line is one rule: taking any away takes
something away from somebody.
"""

from hashlib import sha256
from pathlib import Path

from hub.configuration import Configuration, checked, load_document
from hub.model.errors import Misconfigured
from hub.privacy.access import Act, Grant, Key, Policy, Purpose, RecordClass, ViewAgreement, Visible

ROLES, ACCESS = "roles.yaml", "access.yaml"
TIES = ("own", "relation", "colleague")
DISPOSALS = ("refuse", "break-glass")


class _Purpose(Configuration):
    name: str
    says: str
    roles: frozenset[str]
    break_glass: bool = False
    resident_sees: bool = True
    sees_restricted: bool = False


class _Roles(Configuration):
    roles: dict[str, str]
    duties: dict[str, str]
    reasons: dict[str, str]
    purposes: tuple[_Purpose, ...]


class _Class(Configuration):
    name: str
    says: str
    fields: frozenset[str] = frozenset()
    resident_visible: Visible


class _Grant(Configuration):
    role: str
    purpose: str
    of: str
    may: frozenset[Act] = frozenset({Act.READ})
    show: frozenset[str] = frozenset()
    mask: frozenset[str] = frozenset()
    search: frozenset[str] = frozenset()
    duty: str | None = None


class _Agreement(Configuration):
    name: str
    controller: str
    reader: str
    roles: frozenset[str]
    purposes: frozenset[str]
    of: frozenset[str]
    fields: frozenset[str]
    basis: str


class _Access(Configuration):
    classes: tuple[_Class, ...]
    ties: dict[str, str]
    grants: tuple[_Grant, ...]
    agreements: tuple[_Agreement, ...] = ()


def load_policy(folder: Path) -> Policy:
    """The policy in this folder; raises Misconfigured that names file, line or rule at fault."""
    roles = checked(folder / ROLES, load_document(folder / ROLES), _Roles)
    access = checked(folder / ACCESS, load_document(folder / ACCESS), _Access)
    said = b"\0".join((folder / name).read_bytes() for name in (ROLES, ACCESS))
    policy = _policy(roles, access, sha256(said).hexdigest())
    twice = [
        f"says twice what a {each.role} may see of {each.of}" for n, each in enumerate(access.grants) if _again(each, access.grants[:n])
    ]
    for fault in (*twice, *_faults(policy)):
        raise Misconfigured(str(folder / ACCESS), fault)
    return policy


def _policy(roles: _Roles, access: _Access, digest: str) -> Policy:
    return Policy(
        roles=roles.roles,
        duties=roles.duties,
        reasons=roles.reasons,
        purposes={each.name: Purpose(**each.model_dump()) for each in roles.purposes},
        classes={each.name: RecordClass(**each.model_dump()) for each in access.classes},
        grants={Key(each.role, each.purpose, each.of): _grant(each) for each in access.grants},
        ties=access.ties,
        agreements=tuple(_agreement(each) for each in access.agreements),
        digest=digest,
    )


def _again(said: _Grant, before: tuple[_Grant, ...]) -> bool:
    return any((each.role, each.purpose, each.of) == (said.role, said.purpose, said.of) for each in before)


def _grant(said: _Grant) -> Grant:
    return Grant(
        role=said.role, purpose=said.purpose, record_class=said.of, may=said.may, show=said.show, mask=said.mask, search=said.search,
        duty=said.duty,
    )  # fmt: skip


def _agreement(said: _Agreement) -> ViewAgreement:
    return ViewAgreement(
        name=said.name, controller=said.controller, reader=said.reader, roles=said.roles, purposes=said.purposes, record_classes=said.of,
        fields=said.fields,
    )  # fmt: skip


def _faults(policy: Policy) -> list[str]:
    """What names something that is not there, or says two things at once."""
    found = [f"purpose {each.name} names an unknown role" for each in policy.purposes.values() if not each.roles <= policy.roles.keys()]
    found += [f"what happens to a look at a record of kind {tie} is not said" for tie in TIES if policy.ties.get(tie) not in DISPOSALS]
    for grant in policy.grants.values():
        found += [f"{grant.role}, {grant.purpose}, {grant.record_class}: {fault}" for fault in _grant_faults(policy, grant)]
    for agreement in policy.agreements:
        if not agreement.record_classes <= policy.classes.keys() or not agreement.purposes <= policy.purposes.keys():
            found.append(f"agreement {agreement.name} names an unknown class or purpose")
    return found


def _grant_faults(policy: Policy, grant: Grant) -> list[str]:
    kind, purpose = policy.classes.get(grant.record_class), policy.purposes.get(grant.purpose)
    if kind is None or purpose is None or grant.role not in purpose.roles:
        return ["there is no such class, or no such purpose for this role"]
    faults = [] if grant.show | grant.mask | grant.search <= kind.fields else ["the class has no such field"]
    if grant.show & grant.mask:
        faults.append("a field is both shown and masked")
    if not grant.search <= grant.show:
        faults.append("what is not shown may not be searched by")
    if grant.duty is not None and grant.duty not in policy.duties:
        faults.append("there is no such duty")
    return faults
