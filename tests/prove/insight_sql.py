# ruff: noqa: E501 - SQL is read by its clauses
"""Every figure once more, as SQL over a dump of the topics' events: no row of the hub's, and none of its code, has a part in it.

Each answers with part, each and n, split by the columns named in `BY`. `window` is a table of days with the instant at which the time to
come back is over, counted by walking through the days.
"""

VIEWS = """
CREATE TABLE event (id TEXT PRIMARY KEY, type TEXT, happened TEXT, learnt TEXT, body TEXT);
CREATE TABLE window (day TEXT PRIMARY KEY, ends TEXT);
CREATE VIEW record AS SELECT * FROM (SELECT body ->> 'contact_id' c, body ->> 'service' service, body ->> 'channel' channel,
  body ->> 'organisation' organisation, body ->> 'office' office, body ->> 'subject' subject, body ->> 'initiator' initiator,
  body ->> 'wait_seconds' waited, body ->> 'duration_seconds' lasted, body ->> 'staff_accredited' accredited, happened,
  (body ->> 'service' IS NOT NULL) + (body ->> 'transaction_category' IS NOT NULL) + (body ->> 'customer_role' IS NOT NULL)
  + (body ->> 'initiator' IS NOT NULL) + (body ->> 'duration_seconds' IS NOT NULL) gathered,
  date(happened, CASE WHEN happened >= '2026-03-29T01' AND happened < '2026-10-25T01' THEN '+1 hour' ELSE '+0 hour' END) day,
  ROW_NUMBER() OVER (PARTITION BY body ->> 'contact_id' ORDER BY learnt DESC, id DESC) latest
  FROM event WHERE type = 'ContactRecorded') WHERE latest = 1;
CREATE VIEW judgement AS SELECT * FROM (SELECT body ->> 'contact_id' c, body ->> 'avoidable' avoidable, body ->> 'value' worth,
  ROW_NUMBER() OVER (PARTITION BY body ->> 'contact_id' ORDER BY happened DESC, learnt DESC, id DESC) latest
  FROM event WHERE type = 'ContactValueAssessed') WHERE latest = 1;
CREATE VIEW about AS SELECT * FROM (SELECT body ->> 'contact_id' c, body ->> 'case_id' k, body ->> 'relation' relation,
  ROW_NUMBER() OVER (PARTITION BY body ->> 'contact_id' ORDER BY happened DESC, learnt DESC, id DESC) latest
  FROM event WHERE type = 'ContactLinkedToCase' AND body ->> 'relation' <> 'ORIGIN') WHERE latest = 1;
CREATE VIEW began AS SELECT * FROM (SELECT body ->> 'contact_id' c, body ->> 'case_id' k,
  ROW_NUMBER() OVER (PARTITION BY body ->> 'contact_id' ORDER BY happened DESC, learnt DESC, id DESC) latest
  FROM event WHERE type = 'ContactLinkedToCase' AND body ->> 'relation' = 'ORIGIN') WHERE latest = 1;
CREATE VIEW outcome AS SELECT * FROM (SELECT body ->> 'contact_id' c, body ->> 'at_first_point' first, body ->> 'case_id' k, happened,
  date(happened, CASE WHEN happened >= '2026-03-29T01' AND happened < '2026-10-25T01' THEN '+1 hour' ELSE '+0 hour' END) day,
  ROW_NUMBER() OVER (PARTITION BY body ->> 'contact_id' ORDER BY happened DESC, learnt DESC, id DESC) latest
  FROM event WHERE type = 'ContactResolved') WHERE latest = 1;
CREATE VIEW person AS SELECT * FROM (SELECT body ->> 'party_id' party, body ->> 'customer_id' customer,
  ROW_NUMBER() OVER (PARTITION BY body ->> 'party_id' ORDER BY CAST(body ->> 'input_offset' AS INTEGER) DESC) latest
  FROM event WHERE type = 'PartyLinked') WHERE latest = 1;
CREATE VIEW opening AS SELECT body ->> 'case_id' k, body ->> 'service' service, body ->> 'organisation' organisation,
  body ->> 'parent_case_id' parent FROM event WHERE type = 'CaseOpened';
CREATE VIEW ending AS SELECT * FROM (SELECT body ->> 'case_id' k, type = 'CaseResolved' ended, ROW_NUMBER() OVER (PARTITION BY body ->> 'case_id'
  ORDER BY happened DESC, type = 'CaseResolved' DESC, learnt DESC, id DESC) latest
  FROM event WHERE type IN ('CaseOpened', 'CaseResolved', 'CaseReopened') AND NOT type = 'CaseOpened') WHERE latest = 1;
CREATE VIEW handoff AS SELECT DISTINCT body ->> 'case_id' k, body ->> 'handoff_id' h, body ->> 'method' method FROM event WHERE type = 'HandoffMade';
CREATE VIEW came AS SELECT body ->> 'case_id' k, happened FROM event WHERE type = 'CaseReopened'
  OR (type = 'ContactLinkedToCase' AND body ->> 'relation' = 'REPEAT');
CREATE VIEW journey AS SELECT body ->> 'contact_id' c, body ->> 'subject' subject, body ->> 'service' service, type, happened,
  body ->> 'assisted' assisted FROM event WHERE type IN ('OnlineJourneyCompleted', 'OnlineJourneyAbandoned', 'SafetyNetInvoked');
CREATE VIEW who AS SELECT r.c, r.service, r.channel, r.initiator, r.happened,
  COALESCE((SELECT customer FROM person p WHERE p.party = r.subject), r.subject) person,
  CASE WHEN r.service IN ('524', '528', '533') THEN 'waste' WHEN r.service IN ('57', '59', '63') THEN 'council-tax'
  WHEN r.service IN ('69', '72') THEN 'benefits' ELSE r.service END need FROM record r WHERE r.subject IS NOT NULL;
CREATE VIEW unit AS SELECT r.*, o.happened settled, COALESCE(o.first, 0) AND NOT EXISTS (SELECT 1 FROM handoff h
  WHERE h.k = COALESCE(o.k, b.k, a.k) AND h.method = 'FIRE_AND_FORGET') first, COALESCE(o.k, b.k, a.k) k, COALESCE(o.k, b.k) kk,
  COALESCE(o.day, r.day) from_day FROM record r LEFT JOIN outcome o ON o.c = r.c LEFT JOIN began b ON b.c = r.c LEFT JOIN about a ON a.c = r.c
  WHERE o.c IS NOT NULL OR EXISTS (SELECT 1 FROM handoff h WHERE h.k = COALESCE(o.k, b.k, a.k) AND h.method = 'FIRE_AND_FORGET');
CREATE VIEW next AS SELECT w.c, (SELECT MIN(x.happened) FROM who x WHERE x.person = w.person AND x.need = w.need AND x.c <> w.c
  AND COALESCE(x.initiator, 'CUSTOMER') = 'CUSTOMER' AND (x.happened > w.happened OR (x.happened = w.happened AND x.c > w.c))) at
  FROM who w WHERE COALESCE(w.initiator, 'CUSTOMER') = 'CUSTOMER' AND w.service IS NOT NULL;
"""
_CUSTOMERS = "COALESCE(r.initiator, 'CUSTOMER') = 'CUSTOMER'"
_RATED = """(SELECT *, ROW_NUMBER() OVER (PARTITION BY body ->> 'feedback_id', type ORDER BY happened DESC, learnt DESC, id DESC) latest FROM event)
 WHERE latest = 1 AND type = """
_DECIDED = """(SELECT DISTINCT d.body ->> 'case_id' k, d.body ->> 'decision_id' d, d.body ->> 'check_level' level, (SELECT a.body ->> 'error_found'
 FROM event a WHERE a.type = 'AuditSampled' AND a.body ->> 'decision_id' = d.body ->> 'decision_id' ORDER BY a.happened DESC, a.learnt DESC,
 a.id DESC LIMIT 1) wrong FROM event d WHERE d.type = 'DecisionMade') WHERE wrong IS NOT NULL AND level """
_OPENED = "FROM opening o"
_CHASES = """(SELECT COUNT(DISTINCT e.body ->> 'contact_id') FROM event e WHERE e.type = 'ContactLinkedToCase' AND e.body ->> 'relation' = 'CHASE'
 AND e.body ->> 'case_id' = o.k)"""
_ASKED_AGAIN = """EXISTS (SELECT 1 FROM who w WHERE w.channel IN ('PHONE', 'FACE_TO_FACE', 'HOME_VISIT', 'VIDEO', 'EMAIL', 'POST', 'COMMUNITY_HUB',
 'PARTNER_COUNTER') AND w.happened > j.happened AND w.happened <= (SELECT ends FROM window x WHERE x.day = date(j.happened, CASE WHEN
 j.happened >= '2026-03-29T01' THEN '+1 hour' ELSE '+0 hour' END)) AND w.person = COALESCE((SELECT customer FROM person p
 WHERE p.party = j.subject), j.subject) AND w.need = CASE WHEN j.service IN ('524', '528', '533') THEN 'waste' WHEN j.service IN ('57', '59', '63')
 THEN 'council-tax' WHEN j.service IN ('69', '72') THEN 'benefits' ELSE j.service END)"""
_UNDONE = """(SELECT COALESCE((SELECT at FROM next n WHERE n.c = r.c) <= x.ends, 0) OR EXISTS (SELECT 1 FROM came m WHERE m.k = r.k
 AND m.happened > r.settled AND m.happened <= x.ends) FROM window x WHERE x.day = r.from_day)"""
_TIME = "COALESCE(CAST(r.waited AS INTEGER), 0) + COALESCE(CAST(r.lasted AS INTEGER), 0)"
_BACK = "e.type IN ('BackOfficeUpdateConfirmed', 'BackOfficeUpdateRekeyed')"
_WORKED = "FROM (SELECT body ->> 'case_id' k, SUM(body ->> 'seconds') s, SUM(CASE WHEN body ->> 'activity' = 'PASSING_ON' THEN body ->> 'seconds' ELSE 0 END) p FROM event WHERE type = 'WorkTimeLogged' GROUP BY 1) w"
_LOGGED = "(SELECT body ->> 'complaint_id' g, body ->> 'service' service FROM event WHERE type = 'ComplaintLogged')"
_SOUGHT = """(SELECT l.body ->> 'outreach_id' o, l.body ->> 'service' service, l.body ->> 'rule' rule, l.happened, (SELECT MIN(m.happened) FROM event m
 WHERE m.type = 'OutreachMade' AND m.body ->> 'outreach_id' = l.body ->> 'outreach_id') reached, (SELECT m.body ->> 'need_found' FROM event m
 WHERE m.type = 'OutreachMade' AND m.body ->> 'outreach_id' = l.body ->> 'outreach_id' ORDER BY m.happened DESC, m.learnt DESC, m.id DESC LIMIT 1) needy
 FROM event l WHERE l.type IN ('OutreachListPublished', 'CohortListPublished'))"""

FIGURES = {
    "failure-demand": f"""SELECT r.service, SUM(COALESCE(j.avoidable, 0) OR COALESCE(a.relation IN ('CHASE', 'REPEAT', 'CLARIFY'), 0)), COUNT(*), COUNT(*)
 FROM record r LEFT JOIN judgement j ON j.c = r.c LEFT JOIN about a ON a.c = r.c WHERE {_CUSTOMERS} GROUP BY 1""",
    "avoidable-contacts": f"SELECT r.service, COUNT(*), 0, COUNT(*) FROM record r JOIN judgement j ON j.c = r.c WHERE {_CUSTOMERS} AND j.avoidable GROUP BY 1",
    "contacts": "SELECT r.service, COUNT(*), 0, COUNT(*) FROM record r GROUP BY 1",
    "contacts-by-channel": "SELECT r.service, COUNT(*), 0, COUNT(*) FROM record r GROUP BY 1",
    "completeness": "SELECT r.service, SUM(r.gathered), COUNT(*) * 5, COUNT(*) FROM record r GROUP BY 1",
    "added-value": "SELECT r.service, SUM(j.worth = 'ADDED'), COUNT(*), COUNT(*) FROM judgement j LEFT JOIN record r ON j.c = r.c WHERE j.worth IS NOT NULL GROUP BY 1",
    "avoidable-seconds": f"""SELECT r.service, SUM(r.lasted), 0, COUNT(*) FROM record r JOIN judgement j ON j.c = r.c WHERE {_CUSTOMERS} AND j.avoidable
 AND r.lasted IS NOT NULL GROUP BY 1""",
    "customer-seconds": f"""SELECT r.service, SUM({_TIME}), SUM(o.c IS NOT NULL), COUNT(*) FROM record r LEFT JOIN outcome o ON o.c = r.c
 WHERE {_CUSTOMERS} AND (r.waited IS NOT NULL OR r.lasted IS NOT NULL) GROUP BY 1""",
    "contacts-per-resolved-request": f"""SELECT o.service, SUM((SELECT COUNT(DISTINCT e.body ->> 'contact_id') FROM event e
 WHERE e.type = 'ContactLinkedToCase' AND e.body ->> 'case_id' = o.k)), SUM(COALESCE((SELECT ended FROM ending x WHERE x.k = o.k), 0)), COUNT(*) {_OPENED} GROUP BY 1""",
    "first-time-resolution": f"""SELECT r.service, SUM(r.first AND NOT {_UNDONE}), COUNT(*), COUNT(*) FROM unit r
 WHERE (SELECT ends FROM window x WHERE x.day = r.from_day) <= :now GROUP BY 1""",
    "one-and-done": """SELECT r.service, SUM(r.first AND NOT EXISTS (SELECT 1 FROM handoff h WHERE h.k = r.kk)), COUNT(*), COUNT(*) FROM unit r GROUP BY 1""",
    "one-and-done-contacts": "SELECT r.service, COUNT(*), 0, COUNT(*) FROM record r JOIN outcome o ON o.c = r.c WHERE o.first GROUP BY 1",
    "digital-one-and-done": f"""SELECT j.service, SUM(NOT {_ASKED_AGAIN}), COUNT(*), COUNT(*) FROM journey j WHERE j.type = 'OnlineJourneyCompleted'
 AND j.subject IS NOT NULL AND (SELECT ends FROM window x WHERE x.day = date(j.happened, CASE WHEN j.happened >= '2026-03-29T01' THEN '+1 hour'
 ELSE '+0 hour' END)) <= :now GROUP BY 1""",
    "digital-take-up": "SELECT r.service, SUM(r.channel IN ('WEB', 'APP', 'CHATBOT')), COUNT(*), COUNT(*) FROM record r GROUP BY 1",
    "front-office-share": "SELECT r.service, SUM(r.office = 'FRONT'), COUNT(*), COUNT(*) FROM record r GROUP BY 1",
    "face-to-face-that-could-be-digital": """SELECT r.service, SUM(EXISTS (SELECT 1 FROM record x WHERE x.service = r.service
 AND x.channel IN ('WEB', 'APP', 'CHATBOT'))), COUNT(*), COUNT(*) FROM record r WHERE r.channel = 'FACE_TO_FACE' GROUP BY 1""",
    "deflection-success": """SELECT r.service, SUM(NOT EXISTS (SELECT 1 FROM event f WHERE f.type = 'ContactDeflectionFailed'
 AND f.body ->> 'contact_id' = d.c)), COUNT(*), COUNT(*) FROM (SELECT DISTINCT body ->> 'contact_id' c FROM event WHERE type = 'ContactDeflected') d
 LEFT JOIN record r ON r.c = d.c GROUP BY 1""",
    "safety-net": "SELECT j.service, SUM(j.type = 'SafetyNetInvoked'), COUNT(*), COUNT(*) FROM journey j GROUP BY 1",
    "completion": "SELECT j.service, SUM(j.type = 'OnlineJourneyCompleted'), COUNT(*), COUNT(*) FROM journey j WHERE j.type <> 'SafetyNetInvoked' GROUP BY 1",
    "assisted-to-independent": """SELECT s.body ->> 'service', SUM(EXISTS (SELECT 1 FROM journey j WHERE j.type = 'OnlineJourneyCompleted'
 AND NOT j.assisted AND j.happened > s.happened AND COALESCE((SELECT customer FROM person p WHERE p.party = j.subject), j.subject)
 = COALESCE((SELECT customer FROM person p WHERE p.party = s.body ->> 'subject'), s.body ->> 'subject'))), COUNT(*), COUNT(*)
 FROM event s WHERE s.type = 'AssistedDigitalSessionHeld' AND s.body ->> 'subject' IS NOT NULL GROUP BY 1""",
    "accredited-share": "SELECT r.service, SUM(r.accredited), COUNT(*), COUNT(*) FROM record r WHERE r.accredited IS NOT NULL GROUP BY 1",
    "chases-per-case": f"SELECT o.service, SUM({_CHASES}), COUNT(*), COUNT(*) {_OPENED} GROUP BY 1",
    "chases-per-life-event": f"""SELECT NULL, SUM(s), COUNT(*), COUNT(*) FROM (SELECT SUM({_CHASES}) s FROM (SELECT k, parent FROM opening
 UNION SELECT DISTINCT body ->> 'case_id', NULL FROM event WHERE body ->> 'case_id' NOT IN (SELECT k FROM opening) AND type <> 'ContactResolved')
 o GROUP BY COALESCE(o.parent, o.k) HAVING COUNT(*) > 1) HAVING COUNT(*) > 0""",
    "handoffs-per-contact": """SELECT r.service, SUM((SELECT COUNT(*) FROM handoff h WHERE h.k = COALESCE(o.k, b.k))), COUNT(*), COUNT(*)
 FROM record r JOIN began b ON b.c = r.c LEFT JOIN outcome o ON o.c = r.c GROUP BY 1""",
    "straight-through": f"""SELECT o.service, SUM(e.type = 'BackOfficeUpdateConfirmed'), COUNT(*), COUNT(DISTINCT e.body ->> 'case_id')
 FROM event e LEFT JOIN opening o ON o.k = e.body ->> 'case_id' WHERE {_BACK} GROUP BY 1""",
    "errors-under-trust": f"SELECT o.service, SUM(x.wrong), COUNT(*), COUNT(DISTINCT x.k) FROM (SELECT * FROM {_DECIDED} = 'TRUST') x LEFT JOIN opening o ON o.k = x.k GROUP BY 1",
    "errors-under-checks": f"SELECT o.service, SUM(x.wrong), COUNT(*), COUNT(DISTINCT x.k) FROM (SELECT * FROM {_DECIDED} <> 'TRUST') x LEFT JOIN opening o ON o.k = x.k GROUP BY 1",
    "reopened": """SELECT o.service, SUM(x.k IN (SELECT k FROM came)), COUNT(*), COUNT(*) FROM (SELECT k FROM ending WHERE ended UNION SELECT k FROM came) x
 LEFT JOIN opening o ON o.k = x.k GROUP BY 1""",
    "signpost-only": """SELECT o.service, SUM(r.outcome = 'NOT_OUR_RESPONSIBILITY'), COUNT(*), COUNT(*) FROM (SELECT body ->> 'case_id' k,
 body ->> 'outcome' outcome, ROW_NUMBER() OVER (PARTITION BY body ->> 'case_id' ORDER BY happened DESC, learnt DESC, id DESC) latest
 FROM event WHERE type = 'CaseResolved') r JOIN ending x ON x.k = r.k LEFT JOIN opening o ON o.k = r.k WHERE r.latest = 1 AND x.ended GROUP BY 1""",
    "cases-closed": "SELECT o.service, COUNT(*), 0, COUNT(*) FROM ending x LEFT JOIN opening o ON o.k = x.k WHERE x.ended GROUP BY 1",
    "worked-seconds": f"SELECT o.service, SUM(w.s), COUNT(*), COUNT(*) {_WORKED} LEFT JOIN opening o ON o.k = w.k GROUP BY 1",
    "passing-on-seconds": f"SELECT o.service, SUM(w.p), COUNT(*), COUNT(*) {_WORKED} LEFT JOIN opening o ON o.k = w.k GROUP BY 1",
    "applications": "SELECT body ->> 'service', COUNT(*), 0, COUNT(*) FROM event WHERE type = 'ApplicationSubmitted' GROUP BY 1",
    "satisfaction": f"SELECT body ->> 'scale', body ->> 'method', SUM(body ->> 'score'), COUNT(*), COUNT(*) FROM {_RATED} 'SatisfactionRated' GROUP BY 1, 2",
    "satisfied": f"""SELECT body ->> 'scale', body ->> 'method', SUM((body ->> 'score' - body ->> 'scale_lowest') * 3 >= 2 * (body ->> 'scale_highest' -
 body ->> 'scale_lowest')), COUNT(*), COUNT(*) FROM {_RATED} 'SatisfactionRated' GROUP BY 1, 2""",
    "satisfied-after-complaint": f"""SELECT body ->> 'scale', body ->> 'method', SUM((body ->> 'score' - body ->> 'scale_lowest') * 3 >= 2 * (body ->>
 'scale_highest' - body ->> 'scale_lowest')), COUNT(*), COUNT(*) FROM {_RATED} 'SatisfactionRated' AND body ->> 'complaint_id' IS NOT NULL GROUP BY 1, 2""",
    "quality": f"SELECT body ->> 'scheme', body ->> 'criterion', SUM(body ->> 'score'), COUNT(*), COUNT(*) FROM {_RATED} 'QualityCheckScored' GROUP BY 1, 2",
    "sentiments": f"SELECT body ->> 'sentiment', COUNT(*), 0, COUNT(*) FROM {_RATED} 'SentimentNoted' GROUP BY 1",
    "survey-score": f"SELECT body ->> 'survey', body ->> 'question', SUM(body ->> 'score'), COUNT(*), COUNT(*) FROM {_RATED} 'SurveyAnswered' GROUP BY 1, 2",
    "complaints": f"SELECT c.service, COUNT(*), 0, COUNT(*) FROM {_LOGGED} c GROUP BY 1",
    "complaints-upheld": f"""SELECT c.service, SUM(a.outcome IN ('UPHELD', 'PARTLY_UPHELD')), COUNT(*), COUNT(*) FROM {_LOGGED} c
 JOIN (SELECT body ->> 'complaint_id' g, body ->> 'outcome' outcome, ROW_NUMBER() OVER (PARTITION BY body ->> 'complaint_id' ORDER BY
 body ->> 'stage' DESC, happened DESC, learnt DESC, id DESC) latest FROM event WHERE type = 'ComplaintStageClosed') a ON a.g = c.g AND a.latest = 1
 GROUP BY 1""",
    "stale-content": """SELECT p.service, SUM(COALESCE(p.expired, 0) OR COALESCE(p.review_by < substr(:now, 1, 10), 0)), COUNT(*), COUNT(*) FROM (SELECT e.body ->> 'service' service,
 e.body ->> 'review_by' review_by, x.happened > e.happened expired, x.body ->> 'withdrawn' withdrawn FROM event e LEFT JOIN event x
 ON x.type = 'ContentExpired' AND x.body ->> 'page_id' = e.body ->> 'page_id' WHERE e.type = 'ContentPublished') p
 WHERE NOT COALESCE(p.expired AND p.withdrawn, 0) GROUP BY 1""",
    "outreach-reached": f"SELECT o.service, SUM(o.reached IS NOT NULL), COUNT(*), COUNT(*) FROM {_SOUGHT} o GROUP BY 1",
    "outreach-days-to-reach": f"""SELECT o.service, SUM(MAX(0, (julianday(o.reached) - julianday(o.happened)))), COUNT(*), COUNT(*) FROM {_SOUGHT} o
 WHERE o.reached IS NOT NULL GROUP BY 1""",
    "cohort-precision": f"SELECT o.service, SUM(o.needy), COUNT(*), COUNT(*) FROM {_SOUGHT} o WHERE o.rule IS NOT NULL AND o.needy IS NOT NULL GROUP BY 1",
    "outreach-uptake": f"""SELECT o.service, SUM(EXISTS (SELECT 1 FROM event s WHERE s.type = 'SupportStarted' AND s.body ->> 'outreach_id' = o.o)),
 COUNT(*), COUNT(*) FROM {_SOUGHT} o WHERE o.reached IS NOT NULL GROUP BY 1""",
    "shielded-contacted": """SELECT SUM(EXISTS (SELECT 1 FROM event k WHERE k.type = 'ShieldedPersonContacted' AND k.body ->> 'reached'
 AND k.body ->> 'shielding_id' = l.body ->> 'shielding_id')), COUNT(*), COUNT(*) FROM event l JOIN event n ON n.type = 'SupportNetworkAssessed'
 AND n.body ->> 'shielding_id' = l.body ->> 'shielding_id' WHERE l.type = 'ShieldingListReceived' AND (n.body ->> 'network' IN ('NONE', 'LIMITED')
 OR n.body ->> 'isolated') HAVING COUNT(*) > 0""",
    "shielding-expired": """SELECT SUM(body ->> 'expires_on' < substr(:now, 1, 10)), COUNT(*), COUNT(*) FROM event
 WHERE type = 'ShieldingListReceived' HAVING COUNT(*) > 0""",
    "in-touch": """SELECT SUM(p.party IN (SELECT subject FROM record WHERE subject IS NOT NULL)), COUNT(*), COUNT(*) FROM (SELECT DISTINCT
 body ->> 'party_id' party FROM event WHERE type = 'SegmentAssigned') p HAVING COUNT(*) > 0""",
    "ni14": f"""SELECT service, SUM(size * 1.0 * a / seen), SUM(size), SUM(seen) FROM (SELECT r.service, r.organisation, r.channel, COUNT(*) size, SUM(j.avoidable IS NOT NULL)
 seen, SUM(COALESCE(j.avoidable, 0)) a FROM record r LEFT JOIN judgement j ON j.c = r.c WHERE {_CUSTOMERS} GROUP BY 1, 2, 3) WHERE seen > 0 GROUP BY 1""",
}  # fmt: skip
"""By the name of each figure: its SQL. The last three columns are part, each and n; those before are what it is split by."""
BY = {
    "in-touch": (),
    "shielded-contacted": (),
    "shielding-expired": (),
    "chases-per-life-event": (),
    "satisfaction": (),
    "satisfied": (),
    "satisfied-after-complaint": (),
    "quality": (),
    "sentiments": (),
    "survey-score": (),
}
"""What is asked of the hub besides what is never added up; `service`, where it is not said."""
