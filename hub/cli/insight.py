"""`hub insight`: every figure, what it means, and the events that it rests on."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from hub.cli.composition import House, closing
from hub.cli.output import Config, Json, house, say
from hub.insight.asking import Asked, Question
from hub.insight.boards import BOARDS
from hub.insight.measure import Figure
from hub.insight.questions import MEASURES
from hub.model.errors import Misconfigured
from hub.reporting.boards import lines
from hub.reporting.policy import load
from hub.reporting.reading import MOST_ROWS, Insight
from hub.shipped import shipped
from projections import PROJECTIONS

app = typer.Typer(help="Figures, what they mean, and the events they rest on.", no_args_is_help=True)

Metric = Annotated[str, typer.Argument(help="A figure of `hub insight list`.")]
Where = Annotated[list[str] | None, typer.Option(help="Only where a cut has a value: service=524. May be repeated.")]
By = Annotated[list[str] | None, typer.Option(help="Split by this cut: channel. May be repeated.")]
Period = Annotated[str | None, typer.Option(help="2026, 2026-03, 2026-01..2026-03 or 2026-03-02..2026-03-15.", show_default="all there is")]


@app.callback()
def about() -> None:
    """Figures, what they mean, and the events they rest on."""


@app.command("list")
def listed(*, as_json: Json = False) -> None:
    """Every figure: what it means, which way is better, what it may be cut by."""
    rows = [
        {"name": each.name, "says": each.says, "unit": each.unit.value, "wanted": each.wanted and each.wanted.value,
         "cuts": ", ".join(sorted(each.over.cuts)), "requirements": ", ".join(each.requirements)}
        for each in MEASURES.values()
    ]  # fmt: skip
    say(rows if as_json else [{name: row[name] for name in ("name", "unit", "wanted", "says")} for row in rows], as_json=as_json)


@app.command()
def report(
    metric: Metric, where: Where = None, by: By = None, period: Period = None,
    exact: Annotated[bool, typer.Option(help="Counts as they are, small ones too: not to be published.")] = False,
    config: Config = None, *, as_json: Json = False,
) -> None:  # fmt: skip
    """One figure, as it may be published: counts rounded to five, what rests on fewer than ten hidden."""
    asked = _question(metric, where, by, period)
    with closing(house(config)) as made:
        found = _asking(lambda: insight(made).report(asked, exact=exact).figures)
    rows = [figure_row(figure) for figure in found]
    whole = {"name": metric, "says": asked.measure.says, "unit": asked.measure.unit.value, "period": period, "exact": exact}
    say(whole | {"as_of": asked.as_of, "figures": rows} if as_json else rows, as_json=as_json)


@app.command()
def explain(
    metric: Metric, where: Where = None, period: Period = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_ROWS, help="How many rows at most.")] = 100,
    config: Config = None, *, as_json: Json = False,
) -> None:  # fmt: skip
    """The rows that a figure rests on, and the ids of the events behind each."""
    asked = _question(metric, where, None, period)
    with closing(house(config)) as made:
        found = _asking(lambda: insight(made).explain(asked, limit))
    say([{"key": row.key, "adds": row.adds, "events": list(row.events) if as_json else ", ".join(row.events)} for row in found],
        as_json=as_json)  # fmt: skip


@app.command()
def board(
    name: Annotated[str, typer.Argument(help="A table; without one, all are listed.")] = "",
    period: Period = None,
    exact: Annotated[bool, typer.Option(help="Counts as they are, small ones too: not to be published.")] = False,
    config: Config = None, *, as_json: Json = False,
) -> None:  # fmt: skip
    """A table of figures: the scorecard, costs, channel shift, hot spots, migrations, improvements, standards and more."""
    if not name:
        rows = [{"name": each.name, "says": each.says, "requirements": ", ".join(each.requirements)} for each in BOARDS.values()]
        return say(rows, as_json=as_json)
    if name not in BOARDS:
        raise Misconfigured(name, "is no table", f"one of {', '.join(BOARDS)}")
    with closing(house(config)) as made:
        say(lines(insight(made), BOARDS[name], datetime.now(UTC), period, exact=exact), as_json=as_json)
    return None


def insight(made: House) -> Insight:
    """What reads figures from this hub's rows, by the policy in force."""
    return Insight(store=made.store, rules=load(shipped("policies")), views={each.name: each for each in PROJECTIONS})


def figure_row(figure: Figure) -> dict[str, Any]:
    """A figure with its cuts, as one line of a table."""
    return dict(figure.cuts) | {
        "value": figure.value, "n": figure.n, "low": figure.low, "high": figure.high, "provisional_n": figure.provisional_n,
        "unseen": ", ".join(figure.unseen), "suppressed": figure.suppressed,
    }  # fmt: skip


def _question(metric: str, where: list[str] | None, by: list[str] | None, period: str | None) -> Question:
    measure = MEASURES.get(metric)
    if measure is None:
        raise Misconfigured(metric, "is no figure", "hub insight list names them")
    pairs = [each.partition("=") for each in where or ()]
    if any(not sign for _, sign, _ in pairs):
        raise Misconfigured("--where", "is not cut=value", "as in --where service=524")
    return Question(
        measure=measure, as_of=datetime.now(UTC), where={cut: value for cut, _, value in pairs}, by=tuple(by or ()), period=period
    )


def _asking(ask: Any) -> Any:
    try:
        return ask()
    except Asked as wrong:
        raise Misconfigured("--where, --by or --period", str(wrong)) from None
