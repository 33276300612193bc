"""Which way do people come, and does what is digital work: mix, front office, take-up, redirection, safety nets, help that lasts."""

from hub.contracts.measures import Direction
from hub.insight.measure import Measure, Unit
from hub.insight.relations import CONTACTS, SESSIONS

DIGITAL = Measure(
    name="digital-take-up", says="Contacts that came through digital channels, as a share of all.", unit=Unit.PERCENT, over=CONTACTS,
    of="c.recorded", part="CASE WHEN c.channel IN ({digital}) THEN 1 ELSE 0 END", wanted=Direction.UP, requirements=("C01", "C02", "C07"),
)  # fmt: skip
FRONT_OFFICE = Measure(
    name="front-office-share", says="Contacts that the call centre and the face-to-face front office took, as a share of all.",
    unit=Unit.PERCENT, over=CONTACTS, of="c.recorded AND c.office IS NOT NULL", part="CASE WHEN c.office = 'FRONT' THEN 1 ELSE 0 END",
    wanted=Direction.UP, requirements=("A07", "B08"),
)  # fmt: skip

MEASURES = (
    DIGITAL,
    FRONT_OFFICE,
    Measure(
        name="face-to-face-that-could-be-digital",
        says="Face-to-face contacts about services that others reach through digital channels, as a share of those face to face.",
        unit=Unit.PERCENT, over=CONTACTS, of="c.recorded AND c.channel = 'FACE_TO_FACE'",
        part="CASE WHEN c.service IN (SELECT s.service FROM {contacts} s WHERE s.recorded AND s.channel IN ({digital})) THEN 1 ELSE 0 END",
        wanted=Direction.DOWN, requirements=("A10",),
    ),
    Measure(
        name="deflection-success", says="Callers sent to another channel who did not have to come back, as a share of those sent.",
        unit=Unit.PERCENT, over=CONTACTS, of="c.deflected_to IS NOT NULL", part="CASE WHEN c.deflection_failed THEN 0 ELSE 1 END",
        wanted=Direction.UP, requirements=("C08",),
    ),
    Measure(
        name="safety-net", says="Digital journeys that needed a person, as a share of all.", unit=Unit.PERCENT, over=CONTACTS,
        of="c.journey IS NOT NULL", part="CASE WHEN c.safety_net THEN 1 ELSE 0 END", wanted=Direction.DOWN, requirements=("C19",),
    ),
    Measure(
        name="completion", says="Digital journeys that were finished, as a share of those finished or given up.", unit=Unit.PERCENT,
        over=CONTACTS, of="c.journey_completed_at IS NOT NULL OR c.journey_abandoned_order <> ''",
        part="CASE WHEN c.journey_completed_at IS NOT NULL THEN 1 ELSE 0 END", wanted=Direction.UP, requirements=("C08",),
    ),
    Measure(
        name="assisted-to-independent", says="Sessions of help online after which the same customer did something by themselves.",
        unit=Unit.PERCENT, over=SESSIONS, of="c.subject IS NOT NULL", part="c.by_themselves", wanted=Direction.UP, requirements=("C10",),
    ),
    Measure(
        name="accredited-share", says="Contacts that accredited staff handled, as a share of those of which it is known.",
        unit=Unit.PERCENT, over=CONTACTS, of="c.recorded AND c.staff_accredited IS NOT NULL",
        part="CASE WHEN c.staff_accredited THEN 1 ELSE 0 END", wanted=Direction.UP, requirements=("H09",),
    ),
)  # fmt: skip
