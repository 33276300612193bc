"""By when a recipient owes an answer and an action, and when it is warned, reminded and reported: working days after a message was sent.

sent ──▶ last day begins: WARNED ──▶ day is over: REMINDED ──▶ two working days later: ESCALATED
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from hub.clocks import london
from hub.clocks.calendar import Calendar
from hub.clocks.counting import days
from hub.clocks.pauses import Paused
from hub.contracts.notification_words import Awaited, OverdueStage
from hub.sharing.agreement import NoticeAgreement

ESCALATES_AFTER = 2
"""Working days after the missed date at which it is reported to whoever answers for life events here."""
NEVER_PAUSED = Paused()


@dataclass(frozen=True, slots=True)
class Moment:
    """From this instant on the stage holds, unless what is awaited came before."""

    at: datetime
    awaited: Awaited
    stage: OverdueStage
    due_on: date


def moments(sent_at: datetime, agreement: NoticeAgreement, calendar: Calendar) -> Iterator[Moment]:
    """Every moment of a message that was sent then."""
    owed = ((Awaited.ACKNOWLEDGEMENT, agreement.acknowledge_days), (Awaited.ACTION, agreement.act_days))
    for awaited, amount in owed:
        due_on = working_days_after(sent_at, amount, calendar)
        reported = working_days_after(london.midnight(due_on), ESCALATES_AFTER, calendar)
        yield Moment(london.midnight(due_on), awaited, OverdueStage.WARNED, due_on)
        yield Moment(london.after(due_on), awaited, OverdueStage.REMINDED, due_on)
        yield Moment(london.after(reported), awaited, OverdueStage.ESCALATED, due_on)


def working_days_after(at: datetime, amount: int, calendar: Calendar) -> date:
    """The n-th working day after the day it is in London."""
    counted = days(london.day_of(at), amount, calendar, NEVER_PAUSED).last_day
    if counted is None:
        raise AssertionError("nothing pauses this count")
    return counted
