"""The rows that can be counted, as SQL over the views; `{contacts}` stands for the table that serves the view `assessed-contacts`.

What differs between the databases, and what follows from the council's rules, is filled in by `hub.insight.asking`: `{need}` is the need a
service is part of, `{windows}` the days with the instant at which their window for coming back closes, `{returns}` the instants at which a
case came back, `{now}` the instant of asking, `{within}` and `{after}` the months asked for.
"""

from hub.insight.measure import Relation

VIEWS = {
    "contacts": "assessed-contacts",
    "cases": "case-effort",
    "feedback": "feedback-given",
    "parties": "party-facts",
    "places": "address-book",
    "standards": "standards-set",
    "matched": "address-matches",
    "segments": "segments-assigned",
    "complaints": "complaints-made",
    "pages": "content-pages",
    "outreach": "outreach-rows",
    "shielding": "shielding-rows",
}
"""The name in braces of each view."""

_CUSTOMER = {
    "p": "LEFT JOIN {parties} p ON p.key = c.subject",
    "g": "LEFT JOIN {segments} g ON g.key = c.subject",
    "m": "LEFT JOIN {matched} m ON m.key = c.subject",
    "v": "LEFT JOIN {places} v ON v.key = m.newest_place",
}
"""Who it was, of which segment, and where the address that was found for them lies."""
_SORT = {"segment": "{segment}", "segment_group": "SUBSTR({segment}, 1, 1)", "age_band": "p.age_band"}
"""Which sort of customer: by the scheme of the policy, by its first letter or digit (OAC's supergroup, Mosaic's group), by age."""
_VIEWS = ("contacts", "cases", "parties", "places", "matched", "segments")
_CONTACT_CUTS = {
    "service": "c.service", "channel": "c.channel", "organisation": "c.organisation", "office": "c.office", "source": "c.source",
    "category": "c.transaction_category", "role": "c.customer_role", "site": "c.site", "brand": "c.brand",
    "locality": "COALESCE(c.locality, o.locality, u.locality, p.locality, v.locality)", "complexity": "o.complexity",
    "avoidable_category": "c.avoidable_category", "interaction": "c.interaction_level", "relation": "c.relation",
    "cause_service": "k.service", "cause_system": "k.source", "cause_team": "k.owner", "journey": "c.journey",
    "deflected_by": "c.deflected_by", "skill": "c.skill_goal", "assessor": "c.assessor", "month": "c.month",
    "step": "c.journey_abandoned_step", **_SORT,
}  # fmt: skip
_CONTACT_JOINS = {
    **_CUSTOMER,
    "o": "LEFT JOIN {cases} o ON o.key = COALESCE(c.resolved_case, c.origin_case)",
    "u": "LEFT JOIN {places} u ON u.uprn = o.uprn",
    "k": "LEFT JOIN {cases} k ON k.key = c.about_case",
}

CONTACTS = Relation(
    name="contacts",
    sql="FROM {contacts} c",
    views=_VIEWS,
    cuts=_CONTACT_CUTS,
    joins=_CONTACT_JOINS,
    day="c.day",
    events=("c.place_order", "c.assessment_order", "c.origin_order", "c.about_order", "c.resolution_order", "c.deflection_order",
            "c.deflection_failed_order", "c.safety_net_order", "c.journey_order", "c.journey_completed_order", "c.session_order"),
)  # fmt: skip
"""Contacts, journeys and sessions, each with the case that began with it (o), the case it was about besides (k) and who made it (p)."""

FIRST_TIME = Relation(
    name="first-time",
    sql=(
        "FROM (SELECT a.*, b.fired, CASE WHEN a.at_first_point AND NOT COALESCE(b.fired, {false}) THEN 1 ELSE 0 END AS first_time,"
        " CASE WHEN n.next_at <= w.ends OR EXISTS (SELECT 1 FROM {returns} WHERE r.value > a.resolved_at AND r.value <= w.ends)"
        " THEN 1 ELSE 0 END AS came_back, w.ends AS window_ends"
        " FROM {contacts} a LEFT JOIN {cases} b ON b.key = COALESCE(a.resolved_case, a.origin_case, a.about_case)"
        " LEFT JOIN {windows} w ON w.day = COALESCE(a.resolved_day, a.day)"
        " LEFT JOIN (SELECT s.key,"
        " LEAD(s.at) OVER (PARTITION BY COALESCE(q.customer_id, s.subject), {need} ORDER BY s.at, s.key) AS next_at"
        " FROM {contacts} s LEFT JOIN {parties} q ON q.key = s.subject"
        " WHERE s.recorded AND s.subject IS NOT NULL AND s.service IS NOT NULL AND COALESCE(s.initiator, 'CUSTOMER') = 'CUSTOMER'"
        "{after}) n ON n.key = a.key WHERE a.recorded AND (a.resolved_at IS NOT NULL OR b.fired){within}) c"
    ),
    views=_VIEWS,
    cuts=_CONTACT_CUTS,
    joins=_CONTACT_JOINS,
    events=("c.place_order", "c.resolution_order", "c.origin_order"),
)  # fmt: skip
"""Contacts that are settled, or complete for the front office by Fire & Forget; `came_back` takes a success back."""

JOURNEYS = Relation(
    name="journeys",
    sql=(
        "FROM (SELECT a.*, CASE WHEN n.next_at <= w.ends THEN 1 ELSE 0 END AS asked_again, w.ends AS window_ends"
        " FROM {contacts} a LEFT JOIN {windows} w ON w.day = a.day LEFT JOIN"
        " (SELECT m.key, m.journey, MIN(m.asked_at) OVER (PARTITION BY m.person, m.need ORDER BY m.at DESC, m.journey DESC"
        " ROWS UNBOUNDED PRECEDING) AS next_at FROM"
        " (SELECT a.key, 1 AS journey, COALESCE(d.customer_id, a.subject) AS person, {need_of_a} AS need, a.journey_completed_at AS at,"
        " {never} AS asked_at FROM {contacts} a LEFT JOIN {parties} d ON d.key = a.subject"
        " WHERE a.journey_completed_at IS NOT NULL AND a.subject IS NOT NULL AND a.service IS NOT NULL{within}"
        " UNION ALL SELECT s.key, 0, COALESCE(q.customer_id, s.subject), {need}, s.at, s.at FROM {contacts} s"
        " LEFT JOIN {parties} q ON q.key = s.subject WHERE s.recorded AND s.subject IS NOT NULL AND s.service IS NOT NULL"
        " AND s.channel IN ({assisted}){after}) m) n ON n.key = a.key AND n.journey = 1"
        " WHERE a.journey_completed_at IS NOT NULL{within}) c"
    ),
    views=_VIEWS,
    cuts=_CONTACT_CUTS,
    joins=_CONTACT_JOINS,
    events=("c.journey_completed_order",),
)
"""Journeys finished online, and whether the same customer had to ask somebody for the same afterwards."""

SESSIONS = Relation(
    name="sessions",
    sql=(
        "FROM (SELECT a.*, CASE WHEN z.last_at > a.session_at THEN 1 ELSE 0 END AS by_themselves"
        " FROM {contacts} a LEFT JOIN {parties} d ON d.key = a.subject LEFT JOIN"
        " (SELECT COALESCE(q.customer_id, s.subject) AS person, MAX(s.journey_completed_at) AS last_at FROM {contacts} s"
        " LEFT JOIN {parties} q ON q.key = s.subject WHERE NOT s.journey_assisted AND s.subject IS NOT NULL GROUP BY 1) z"
        " ON z.person = COALESCE(d.customer_id, a.subject) WHERE a.session_at IS NOT NULL{within}) c"
    ),
    views=_VIEWS,
    cuts=_CONTACT_CUTS,
    joins=_CONTACT_JOINS,
    events=("c.session_order",),
)
"""Sessions in which somebody was helped to do a thing online, and whether they did one by themselves later."""

_CASE_CUTS = {
    "service": "c.service", "channel": "c.channel", "organisation": "c.organisation", "source": "c.source", "team": "c.owner",
    "kind": "c.kind", "complexity": "c.complexity", "locality": "COALESCE(c.locality, u.locality, p.locality, v.locality)",
    "month": "c.month", **_SORT,
}  # fmt: skip
_CASE_JOINS = {**_CUSTOMER, "u": "LEFT JOIN {places} u ON u.uprn = c.uprn"}
_CASE_EVENTS = ("c.opening_order", "c.ending_order", "c.outcome_order", "c.application_order", "c.complexity_order")

CASES = Relation(
    name="cases", sql="FROM {cases} c", views=_VIEWS, cuts=_CASE_CUTS, joins=_CASE_JOINS, events=_CASE_EVENTS,
    record="cases",
)  # fmt: skip
"""Cases with what they took."""

APPLICATIONS = Relation(
    name="applications", sql="FROM {cases} c", views=_VIEWS,
    cuts=_CASE_CUTS | {"service": "c.applied_for", "channel": "c.applied_by", "month": "c.applied_month"}, joins=_CASE_JOINS,
    month="c.applied_month", events=("c.application_order",), record="cases",
)  # fmt: skip
"""Applications, in the month and on the channel in which they were made."""

FAMILIES = Relation(
    name="families",
    sql=(
        "FROM (SELECT a.root AS key, MIN(a.month) AS month, SUM(a.chase_count) AS chases, COUNT(DISTINCT a.organisation) AS organisations"
        " FROM (SELECT COALESCE(b.parent_case, b.key) AS root, b.month, b.chase_count, b.organisation FROM {cases} b) a"
        " GROUP BY a.root HAVING COUNT(*) > 1) c"
    ),
    views=("cases",),
    cuts={"month": "c.month"},
    record="cases",
)
"""Cases that belong together: one matter of a life event, as several providers deal with it."""

FEEDBACK = Relation(
    name="feedback", sql="FROM {feedback} c", views=("feedback", *_VIEWS),
    cuts={"service": "c.service", "channel": "c.channel", "organisation": "c.organisation", "source": "c.source", "scale": "c.scale",
          "method": "c.method", "scheme": "c.scheme", "criterion": "c.criterion", "survey": "c.survey", "question": "c.question",
          "sentiment": "c.sentiment", "step": "c.step", "locality": "COALESCE(c.locality, p.locality, v.locality)",
          "month": "c.month", **_SORT},
    joins=_CUSTOMER, events=("c.rating_order", "c.answer_order", "c.sentiment_order", "c.check_order"), record="contacts",
)  # fmt: skip
"""Feedback, each score with its scale."""

COMPLAINTS = Relation(
    name="complaints", sql="FROM {complaints} c", views=("complaints", *_VIEWS), joins=_CUSTOMER,
    cuts={"service": "c.service", "root_cause": "c.root_cause", "subject_type": "c.subject_type", "organisation": "c.organisation",
          "channel": "c.channel", "scheme": "c.scheme", "locality": "COALESCE(p.locality, v.locality)", "month": "c.month", **_SORT},
    events=("c.logging_order", "c.answer_order"), record="complaints",
)  # fmt: skip
"""Complaints, in the month in which they were received."""

PAGES = Relation(
    name="pages", sql="FROM {pages} c", views=("pages",), month=None, record="standards",
    cuts={"service": "c.service", "organisation": "c.organisation", "team": "c.team"},
    events=("c.publishing_order", "c.expiry_order"),
)  # fmt: skip
"""Pages and articles that the council has published, as they stand today."""

OUTREACH = Relation(
    name="outreach", sql="FROM {outreach} c", views=("outreach", *_VIEWS), joins=_CUSTOMER, record="outreach",
    cuts={"list": "c.list_name", "service": "c.service", "organisation": "c.organisation", "rule": "c.rule",
          "locality": "COALESCE(c.locality, p.locality, v.locality)", "month": "c.month", **_SORT},
    events=("c.listing_order", "c.reached_order", "c.need_order", "c.support_order"),
)  # fmt: skip
"""People on lists of those to seek out, in the month in which the list was published."""

SHIELDING = Relation(
    name="shielding", sql="FROM {shielding} c", views=("shielding",), record="shielding",
    cuts={"list": "c.list_name", "organisation": "c.organisation", "network": "c.network", "month": "c.month"},
    events=("c.listing_order", "c.network_order", "c.reached_order"),
)  # fmt: skip
"""People on shielding lists, in the month in which the list was received."""

CUSTOMERS = Relation(
    name="customers", month=None, views=_VIEWS, joins=_CUSTOMER, record="contacts",
    sql=(
        "FROM (SELECT a.key, a.key AS subject, CASE WHEN t.subject IS NULL THEN 0 ELSE 1 END AS in_touch FROM {segments} a LEFT JOIN"
        " (SELECT DISTINCT s.subject FROM {contacts} s WHERE s.recorded AND s.subject IS NOT NULL) t ON t.subject = a.key) c"
    ),
    cuts={"locality": "COALESCE(p.locality, v.locality)", **_SORT},
)  # fmt: skip
"""Everybody whose segment is known, and whether they were ever in touch."""
