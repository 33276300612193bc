"""Grafana's dashboards: `python -m tests.watching.dashboards` writes deploy/grafana/*.json, which Grafana takes as they are."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "deploy/grafana"
WIDTH, HEIGHT, COLUMNS = 8, 7, 3
_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
_COMPLAINTS = "tameside-2008-.*|lgsco-2024|housing-ombudsman-2024|children-2006|adult-2009"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One picture: what it shows, over time or (`stat`) as it is now."""

    title: str
    shows: str
    expression: str
    legend: str = ""
    unit: str = "short"
    kind: str = "timeseries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """One page of pictures; its name is its file's and its uid."""

    name: str
    title: str
    panels: tuple[Panel, ...]


def _panel(title: str, shows: str, expression: str, legend: str = "", unit: str = "short") -> Panel:
    return Panel(title=title, shows=shows, expression=expression, legend=legend, unit=unit)


def _stat(title: str, shows: str, expression: str, unit: str = "short") -> Panel:
    return Panel(title=title, shows=shows, expression=expression, unit=unit, kind="stat")


def _figure(name: str, title: str, shows: str, unit: str = "percent") -> Panel:
    return _panel(title, shows, f'max by (period) (hub_insight_value{{figure="{name}"}})', "{{period}}", unit)


DASHBOARDS = (
    Dashboard(
        name="hub-operations", title="Hub: operations",
        panels=(
            _stat("Alerts", "Alerts that fire now.", 'count(ALERTS{alertstate="firing"}) or vector(0)'),
            _stat("Partitions stopped", "Each waits for somebody.", 'sum(max by (group) (hub_partitions{status="stopped"}))'),
            _stat("Broken glasses", "Looks that nobody has looked into.", "max(hub_break_glass_open)"),
            _panel("Processes", "1 while a process of the role answers.", "role:up:max", "{{role}}"),
            _panel("What is needed", "1 while it answers.", "max by (need) (hub_need_up)", "{{need}}"),
            _panel("Behind", "Age of the last record applied, where some wait.", "group_topic:hub_consumer_lag_seconds:max",
                   "{{group}} {{topic}}", "s"),
            _panel("Waiting records", "In the log and not yet in the views.", "topic:hub_consumer_lag_records:max", "{{topic}}"),
            _panel("Applied", "Records a second, by topic.", "topic:hub_projection_records:rate5m", "{{topic}}", "ops"),
            _panel("Visible after, 95th percentile", "From a record's append to its being visible.",
                   "histogram_quantile(0.95, sum by (le, pipeline) (rate(hub_event_end_to_end_delay_seconds_bucket[5m])))",
                   "{{pipeline}}", "s"),
            _panel("Outbox", "Age of the first record that waits to be sent.", "max(hub_outbox_oldest_age_seconds)", "outbox", "s"),
            _panel("Set aside", "Dead letters by topic and reason.", "max by (topic, reason) (hub_dlq_records)", "{{topic}} {{reason}}"),
            _panel("Quarantine", "Source records that could not become events.", "max by (connector) (hub_quarantined_records)",
                   "{{connector}}"),
            _panel("Connectors", "How far behind its source each is.", "max by (connector) (hub_source_behind_seconds)",
                   "{{connector}}", "s"),
            _panel("Taken in", "Records a second from each source.",
                   "sum by (connector, outcome) (rate(hub_records_total[5m]))", "{{connector}} {{outcome}}", "ops"),
            _panel("Disk", "Share that is free.", "hub_disk_free:ratio", "free", "percentunit"),
        ),
    ),
    Dashboard(
        name="hub-service-levels", title="Hub: service levels",
        panels=(
            _panel("In time", "Of what is settled, the share that was.", "policy_stage:hub_service_level_in_time:ratio",
                   "{{policy}} {{stage}}", "percentunit"),
            _panel("Breached", "Clocks that ran over.", "policy_stage:hub_service_level_breached:max", "{{policy}} {{stage}}"),
            _panel("Warned", "Clocks that were warned of.", 'max by (policy, stage) (hub_service_level_clocks{told="warned"})',
                   "{{policy}} {{stage}}"),
            _panel("Running", "Started, and neither met nor stopped.",
                   'max by (policy, stage) (hub_service_level_clocks{told="started"})'
                   ' - (max by (policy, stage) (hub_service_level_clocks{told="met"})'
                   ' or 0 * max by (policy, stage) (hub_service_level_clocks{told="started"}))'
                   ' - (max by (policy, stage) (hub_service_level_clocks{told="stopped"})'
                   ' or 0 * max by (policy, stage) (hub_service_level_clocks{told="started"}))', "{{policy}} {{stage}}"),
            _stat("Age of these figures", "Counted at most every fifteen seconds.", "max(hub_service_level_figures_age_seconds)", "s"),
        ),
    ),
    Dashboard(
        name="hub-tell-us-once", title="Hub: tell us once",
        panels=(
            _stat("Life events", "Of which somebody is told.", "max(hub_life_events)"),
            _stat("Open", "Lines told or planned and not done.", "max(hub_notices_open)"),
            _stat("To undo", "Withdrawals of what was acted on.", "max(hub_notices_undoing)"),
            _panel("Lines", "By state.", "max by (state) (hub_notices)", "{{state}}"),
            _panel("Withheld", "By reason.", "max by (reason) (hub_notices_withheld)", "{{reason}}"),
            _panel("Overdue", "By how far that has been taken.", "max by (stage) (hub_notices_overdue)", "{{stage}}"),
            _panel("Waiting to leave", "By agreement.", "max by (agreement) (hub_notices_waiting_seconds)", "{{agreement}}", "s"),
            _panel("Addresses that take nothing", "For how long.", "max by (agreement, state) (hub_endpoint_failing_seconds)",
                   "{{agreement}} {{state}}", "s"),
            _stat("Until everybody acted", "On average.", "max(hub_notices_seconds_to_all_actioned)", "s"),
            _panel("Agreements end in", "By agreement.", "min by (agreement) (hub_agreement_end_timestamp_seconds) - time()",
                   "{{agreement}}", "s"),
        ),
    ),
    Dashboard(
        name="hub-contact-insight", title="Hub: contact insight",
        panels=(
            _figure("ni14", "Avoidable contact (NI14)", "Of the contacts that were assessed."),
            _figure("failure-demand", "Failure demand", "Of all contacts."),
            _figure("first-time-resolution", "First-time resolution", "Of what was resolved, what did not come back."),
            _figure("digital-take-up", "Digital take-up", "Of all contacts."),
            _figure("front-office-share", "Front office", "Of all contacts; the baseline was below 35 %."),
            _figure("contacts", "Contacts", "To the nearest five.", "short"),
            _figure("chases-per-case", "Chases", "For each case.", "short"),
            _figure("handoffs-per-contact", "Hand-offs", "For each contact.", "short"),
            _figure("straight-through", "Straight through", "Of applications, without a person."),
            _figure("completion", "Online journeys completed", "Of those started."),
            _figure("accredited-share", "Accredited staff", "Of contacts, handled by them."),
            _figure("reopened", "Reopened", "Of what was closed."),
        ),
    ),
    Dashboard(
        name="hub-complaints", title="Hub: complaints",
        panels=(
            _panel("In time", "Of what is settled, the share that was.",
                   f'policy_stage:hub_service_level_in_time:ratio{{policy=~"{_COMPLAINTS}"}}', "{{policy}} {{stage}}", "percentunit"),
            _panel("Breached", "Clocks that ran over.",
                   f'policy_stage:hub_service_level_breached:max{{policy=~"{_COMPLAINTS}"}}', "{{policy}} {{stage}}"),
            _panel("Begun", "Clocks that were started.",
                   f'max by (policy, stage) (hub_service_level_clocks{{told="started",policy=~"{_COMPLAINTS}"}})', "{{policy}} {{stage}}"),
            _panel("Answered", "Clocks that were met.",
                   f'max by (policy, stage) (hub_service_level_clocks{{told="met",policy=~"{_COMPLAINTS}"}})', "{{policy}} {{stage}}"),
            _panel("Warned", "Clocks that were warned of.",
                   f'max by (policy, stage) (hub_service_level_clocks{{told="warned",policy=~"{_COMPLAINTS}"}})', "{{policy}} {{stage}}"),
        ),
    ),
)  # fmt: skip


def document(dashboard: Dashboard) -> dict[str, Any]:
    """The dashboard as Grafana reads it; the source of its figures is chosen on the page."""
    return {
        "uid": dashboard.name, "title": dashboard.title, "tags": ["hub"], "schemaVersion": 37, "version": 1, "editable": False,
        "timezone": "Europe/London", "refresh": "1m", "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": [{"name": "datasource", "label": "Source", "type": "datasource", "query": "prometheus"}]},
        "panels": list(_panels(dashboard.panels)),
    }  # fmt: skip


def _panels(panels: Sequence[Panel]) -> Iterator[dict[str, Any]]:
    for n, each in enumerate(panels):
        row, column = divmod(n, COLUMNS)
        yield {
            "id": n + 1, "type": each.kind, "title": each.title, "description": each.shows, "datasource": _SOURCE,
            "gridPos": {"x": column * WIDTH, "y": row * HEIGHT, "w": WIDTH, "h": HEIGHT},
            "fieldConfig": {"defaults": {"unit": each.unit}, "overrides": []}, "options": {},
            "targets": [{"refId": "A", "datasource": _SOURCE, "expr": each.expression, "legendFormat": each.legend}],
        }  # fmt: skip


def written(dashboard: Dashboard) -> str:
    """The text of its file."""
    return json.dumps(document(dashboard), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for each in DASHBOARDS:
        (FOLDER / f"{each.name}.json").write_text(written(each))
