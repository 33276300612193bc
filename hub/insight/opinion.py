"""What do people think, and what do checks find? Each scale by itself, always with how many there are."""

from hub.contracts.measures import Direction
from hub.insight.measure import Measure, Unit
from hub.insight.relations import FEEDBACK

MEASURES = (
    Measure(
        name="satisfaction", says="The mean score on each scale; scales and ways of collecting are never mixed.", unit=Unit.SCORE,
        over=FEEDBACK, of="c.score IS NOT NULL", part="c.score", wanted=Direction.UP, requirements=("H01", "H02"),
        always_by=("scale", "method"),
    ),
    Measure(
        name="satisfied", says="Scores in the upper third of their scale, as a share of all on it.", unit=Unit.PERCENT, over=FEEDBACK,
        of="c.score IS NOT NULL AND c.scale_highest > c.scale_lowest", wanted=Direction.UP, requirements=("A13",),
        part="CASE WHEN (c.score - c.scale_lowest) * 3 >= 2 * (c.scale_highest - c.scale_lowest) THEN 1 ELSE 0 END",
        always_by=("scale", "method"),
    ),
    Measure(
        name="satisfied-after-complaint", unit=Unit.PERCENT, over=FEEDBACK, wanted=Direction.UP, requirements=("G11",),
        says="Of those who were asked after their complaint, scores in the upper third of their scale, as a share of all on it.",
        of="c.complaint IS NOT NULL AND c.score IS NOT NULL AND c.scale_highest > c.scale_lowest",
        part="CASE WHEN (c.score - c.scale_lowest) * 3 >= 2 * (c.scale_highest - c.scale_lowest) THEN 1 ELSE 0 END",
        always_by=("scale", "method"),
    ),
    Measure(
        name="quality", says="The mean score of checks against each criterion of each scheme: evidence for accreditation.",
        unit=Unit.SCORE, over=FEEDBACK, of="c.check_score IS NOT NULL", part="c.check_score", wanted=Direction.UP,
        requirements=("A13", "H08"), always_by=("scheme", "criterion"),
    ),
    Measure(
        name="sentiments", says="How people felt, by step of the journey.", unit=Unit.COUNT, over=FEEDBACK, of="c.sentiment IS NOT NULL",
        part="1", requirements=("H03",), always_by=("sentiment",),
    ),
    Measure(
        name="survey-score", says="The mean score of each question of each survey.", unit=Unit.SCORE, over=FEEDBACK,
        of="c.answer_score IS NOT NULL", part="c.answer_score", wanted=Direction.UP, requirements=("A16", "H01"),
        always_by=("survey", "question"),
    ),
)  # fmt: skip
