"""Which facts does one registration of a death prove?

An extract holds new registrations and changed ones alike: a new one says when its record was locked, a changed one when and why. Only a
family name, a sex and some date of death are sure to be there, and the family name may be empty.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from connectors.deaths import REGISTRATION, Death, When, is_partial_date, said
from connectors.gro_deaths.extract import Registration, Tree
from connectors.surroundings import Surroundings
from connectors.zones import in_utc
from hub.contracts.life_event_words import DeathUpdateReason
from hub.model.connector import Said
from hub.model.errors import Rejected

LONGEST = 2_000
"""What a text may have of characters; the extract's own limits are far below."""
_REASONS: Mapping[str, DeathUpdateReason] = {
    "1": DeathUpdateReason.FORMAL_CORRECTION,
    "2": DeathUpdateReason.QUALITY_ASSURANCE,
    "3": DeathUpdateReason.TYPOGRAPHICAL,
    "4": DeathUpdateReason.CANCELLED,
    "5": DeathUpdateReason.CANCELLATION_REMOVED,
}
_SEXES = {"1": "MALE", "2": "FEMALE"}
_LEVELS = frozenset({"00", "01", "02", "03"})


def translate(surroundings: Surroundings, zone: str, already_told: tuple[str, ...], record: Registration) -> tuple[Said, ...]:
    """The facts of one registration; raises Rejected with the names of the elements at fault, never their text."""
    return tuple(said(surroundings, _death(record.said, zone), already_told))


def _death(found: Tree, zone: str) -> Death:
    registration = _text(found, "RegistrationID")
    if not REGISTRATION.fullmatch(registration):
        raise _malformed("RegistrationID")
    changed = "RecordUpdateDateTime" in found
    died = _when(found, "Death", ("FreeFormatDeathDate", "QualifierText"))
    if not (died.known or died.in_words):
        raise _malformed("DeceasedDeathDate")
    lines, postcode = _address(found)
    return Death(
        registration=registration,
        at=_instant(found, "RecordUpdateDateTime" if changed else "RecordLockedDateTime", zone),
        reason=_reason(found) if changed else None,
        names=tuple(_names(found)),
        sex=_SEXES.get(_text(found, "DeceasedGender"), "INDETERMINATE"),
        died=died,
        born=_when(found, "Birth", ("FreeFormatBirthDate",)),
        address=lines,
        postcode=postcode,
    )


def _reason(found: Tree) -> DeathUpdateReason:
    reason = _REASONS.get(_text(found, "RecordUpdateReason"))
    if reason is None:
        raise Rejected("gro-unknown-reason", fields=("RecordUpdateReason",))
    return reason


def _instant(found: Tree, name: str, zone: str) -> datetime:
    try:
        return in_utc(datetime.fromisoformat(_text(found, name)), zone)
    except (ValueError, OverflowError):
        raise Rejected("gro-date", fields=(name,)) from None


def _when(found: Tree, what: str, in_words: tuple[str, ...]) -> When:
    """A date that may be whole, a month or a year, or only told of in words."""
    whole = _part(found, f"Deceased{what}Date")
    year, month = _text(found, f"PartialYearOf{what}"), _text(found, f"PartialMonthOf{what}")
    known = _text(whole, f"Person{what}Date")
    if not known and year:
        known = f"{year.zfill(4)}-{month.zfill(2)}" if month else year.zfill(4)
    if known and not is_partial_date(known):
        raise Rejected("gro-date", fields=(f"Deceased{what}Date",))
    level = _text(whole, "VerificationLevel") or None
    if level is not None and level not in _LEVELS:
        raise _malformed("VerificationLevel")
    words = "; ".join(filter(None, (_text(found, name) for name in in_words)))
    return When(known=known, in_words=words or (f"month {month}" if month and not known else ""), verification=level)


def _names(found: Tree) -> Iterator[Mapping[str, str]]:
    """The name on the registration, the maiden name, and every alias under the type that stands with it, or the last type there is."""
    yield {"type": "CURRENT", **_name(_part(found, "DeceasedName"))}
    if maiden := _text(found, "DeceasedMaidenName"):
        yield {"type": "BIRTH", "surname": maiden}
    types = tuple(text for text in found.get("DeceasedAliasNameType", ()) if isinstance(text, str))
    for number, alias in enumerate(found.get("DeceasedAliasName", ())):
        if isinstance(alias, Mapping):
            said_as = types[min(number, len(types) - 1)] if types else ""
            yield {"type": "ALIAS", **_name(alias), **({"said_as": said_as} if said_as else {})}


def _name(part: Tree) -> Mapping[str, str]:
    given = [text for text in part.get("PersonGivenName", ()) if isinstance(text, str)]
    said_parts = {
        "title": _text(part, "PersonNameTitle"),
        "forename": given[0] if given else "",
        "middle": " ".join(given[1:]),
        "surname": _text(part, "PersonFamilyName"),
        "suffix": _text(part, "PersonNameSuffix"),
    }
    return {name: text for name, text in said_parts.items() if text}


def _address(found: Tree) -> tuple[str, str]:
    part = _part(found, "DeceasedAddress")
    house = [_text(part, name) for name in ("Flat", "Building")]
    lines = [text for text in part.get("Line", ()) if isinstance(text, str)]
    return ", ".join(filter(None, (*house, *lines))), _text(part, "Postcode")


def _part(found: Tree, name: str) -> Tree:
    parts = found.get(name, ())
    return parts[0] if parts and isinstance(parts[0], Mapping) else {}


def _text(found: Tree, name: str) -> str:
    first = next(iter(found.get(name, ())), "")
    if not isinstance(first, str) or len(first) > LONGEST:
        raise _malformed(name)
    return first


def _malformed(name: str) -> Rejected:
    return Rejected("gro-malformed", fields=(name,))
