"""What is done about a connector in trouble, by whom it is to be mended.

outage          asked again soon, then ever more seldom, for ever: it runs, and waits
bad data        it has failed; begun anew ever more seldom, for ever: what is there may be mended at its source
misconfigured   it has failed; begun anew once a minute, for what is wrong may lie beside the configuration: a folder, an agreement
bug             it has failed; begun anew five times, then no more until a person says so
"""

import random
from dataclasses import dataclass

from hub.connect.words import Cause, Trouble
from hub.model.errors import Misconfigured, Rejected, Unavailable

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds between attempts at what is down, give or take half: at work again a minute after it is over."""
BAD_DATA_WAIT, LONGEST_BAD_DATA_WAIT = 5.0, 300.0
MISCONFIGURED_WAIT = 60.0
BUG_WAIT, MOST_BUGS = 1.0, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What went wrong, and after how many seconds it is tried again; None where a person has to say so."""

    trouble: Trouble
    again_after: float | None

    @property
    def waits(self) -> bool:
        """Whether it runs on and only waits."""
        return self.trouble.cause is Cause.OUTAGE


def verdict(error: Exception, nth: int) -> Verdict:
    """What is to be done about the `nth` trouble in a row, counted from 0."""
    match error:
        case Unavailable():
            trouble = Trouble(cause=Cause.OUTAGE, what=error.what)
            return Verdict(trouble=trouble, again_after=error.retry_after or _spread(FIRST_WAIT, LONGEST_WAIT, nth))
        case Misconfigured():
            trouble = Trouble(cause=Cause.MISCONFIGURED, what=f"{error.why} ({error.mend})" if error.mend else error.why, where=error.key)
            return Verdict(trouble=trouble, again_after=MISCONFIGURED_WAIT)
        case Rejected():
            trouble = Trouble(cause=Cause.BAD_DATA, what=str(error))
            return Verdict(trouble=trouble, again_after=_spread(BAD_DATA_WAIT, LONGEST_BAD_DATA_WAIT, nth))
        case _:
            trouble = Trouble(cause=Cause.BUG, what=type(error).__name__, where=place(error))
            return Verdict(trouble=trouble, again_after=_spread(BUG_WAIT, LONGEST_WAIT, nth) if nth < MOST_BUGS else None)


def _spread(first: float, longest: float, nth: int) -> float:
    wait: float = min(first * 2 ** min(nth, 20), longest)
    return wait * random.uniform(0.5, 1.5)  # noqa: S311 - spreads attempts, guards nothing


def place(error: BaseException) -> str:
    """Where a bug was met: module and line, never the message."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace is not None else "?"
