"""Fictitious notices of one agreement: every kind of life event it is told of, told, corrected, withdrawn and reinstated.

Every value is one that can be nobody's: the NINO prefix QQ, NHS numbers from 999, Ofcom's drama telephone numbers, postcodes in QX.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hub.contracts.notification_words import Instruction
from hub.sharing.agreement import LifeEventKind, NoticeAgreement, Told
from hub.sharing.notices import minimised

PEOPLE: tuple[Mapping[str, str], ...] = (
    {"name": "Ada Example", "other_names": "Ada Sample", "born": "1941-05-09", "nino": "QQ123456A", "nhs_number": "9990000018"},
    {"name": "Zoë O'Test-Smythe", "other_names": "", "born": "1990-02-28", "nino": "QQ123457B", "nhs_number": "9990000026"},
    {"name": "Łukasz Przykład", "other_names": "Luke Example", "born": "1978", "nino": "QQ123458C", "nhs_number": "9990000034"},
)
_SAID: Mapping[str, str] = {
    "phone": "07700 900123", "email": "person@example.org", "died": "2026-03-02", "registration": "999000001",
    "last_address": "1 Example Street, Sampleton, QX1 1AA", "moved_on": "2026-04-06",
    "from_address": "1 Example Street, Sampleton, QX1 1AA", "from_uprn": "100000000001",
    "to_address": "2 Fiction Road, Sampleton, QX1 1AB", "to_uprn": "100000000002", "dependants": "2", "child_name": "Robin Example",
    "child_born": "2026-03-30", "parent_name": "Ada Example", "home_address": "2 Fiction Road, Sampleton, QX1 1AB",
    "ended_on": "2026-03-31", "ending": "redundancy",
}  # fmt: skip
_STORY = (Instruction.TELL, Instruction.CORRECT, Instruction.WITHDRAW, Instruction.REINSTATE)


def samples(agreement: NoticeAgreement) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The key and the values of each notice, in order."""
    kinds = [kind for kind in LifeEventKind if isinstance(agreement.life_events[kind], Told)]
    for n, kind in enumerate(kinds):
        known = {name: text for name, text in {**_SAID, **PEOPLE[n % len(PEOPLE)]}.items() if text}
        for number, instruction in enumerate(_STORY if n == 0 else _STORY[:1], 1):
            about = minimised(agreement, kind, known) if instruction is not Instruction.WITHDRAW else {}
            yield f"sample-{n + 1}", _envelope(agreement, kind, n + 1, number, instruction) | about


def _envelope(agreement: NoticeAgreement, kind: LifeEventKind, n: int, number: int, instruction: Instruction) -> dict[str, Any]:
    return {
        "message_id": f"sample-{n}-{number}", "life_event_id": f"sample-{n}", "number": number, "instruction": instruction.value,
        "kind": kind.value, "agreement": agreement.id, "purpose": agreement.purpose, "basis": agreement.basis,
        "reference": f"SAMPLE-{n:04}",
    }  # fmt: skip
