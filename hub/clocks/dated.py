"""The clocks that need no policy: a date is all there is to them."""

from collections.abc import Iterator, Sequence

from hub.clocks.marks import PROMISE, PROMISED, TASK, TASK_DONE, Mark, Run, said


def promise(marks: Sequence[Mark], keeps: frozenset[str]) -> Iterator[Run]:
    """The date that the customer was told; another one counts only if it was told before the one before had passed."""
    told = [mark for mark in marks if mark.word == PROMISED and mark.until is not None]
    if not told:
        return
    start, until = told[0].at, told[0].until
    stop = next((mark for mark in marks if mark.at >= start and mark.word in keeps), None)
    for mark in told[1:]:
        if until is not None and mark.at < until and (stop is None or mark.at < stop.at):
            until = mark.until
    yield Run(clock=PROMISE, policy=PROMISE, stage=PROMISE, start=start, due=until, stopped=None if stop is None else stop.at)


def tasks(marks: Sequence[Mark]) -> Iterator[Run]:
    """Each task with the date it was given last, until it is done or all is."""
    given = {mark.about: mark for mark in sorted(marks, key=said) if mark.word == TASK}
    for task, mark in given.items():
        ends = (
            each.at for each in marks if each.at >= mark.at and ((each.word, each.about) == (TASK_DONE, task) or each.word == "resolved")
        )
        yield Run(clock=f"{TASK}/{task}", policy=TASK, stage=TASK, start=mark.at, due=mark.until, stopped=next(ends, None))
