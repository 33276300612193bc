"""What a hub shows to those who watch it is what the documentation lists."""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from hub.cli.composition import House, closing
from hub.cli.output import house
from hub.cli.web import application, probes
from hub.engine.catalogue import create
from hub.reporting.gauges import InsightCollector
from tests.cli.conftest import Command
from tests.metrics import PAGE, page, registered, shown


def test_the_page_of_metrics_is_current() -> None:
    assert PAGE.read_text() == page(shown()), "run: python -m tests.metrics"


def test_processes_with_and_without_the_api_show_what_is_listed_and_nothing_else(hub: Command) -> None:
    settings = hub.settings(f"controller: tameside\nfolder: {hub.folder}/.hub\nkafka: {{bootstrap: '127.0.0.1:1'}}\n")
    assert hub("init").code == 0
    listed, kinds = {each.name: set(each.labels) for each in shown()}, _kinds(registered())
    for served in (application, probes):
        with closing(house(settings)) as opened:
            begun(opened)
            served(opened)
            assert opened.delay is not None
            text = generate_latest(opened.registry).decode()
            _looked(opened.registry)
            assert _kinds(opened.registry) == (kinds if served is application else kinds - {"InsightCollector", "Counter"})
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                name = family.name + "_total" * (family.type == "counter")
                assert sample.labels.keys() <= listed[name], name


def _looked(registry: CollectorRegistry) -> None:
    """The look that a scrape began has ended: the store may be closed."""
    for each in registry._collector_to_names:
        if isinstance(each, InsightCollector):
            with each._looking:
                pass


def begun(house: House) -> None:
    """Every view of the release, as if its topics were empty."""
    for bundle in house.beginnings():
        count = house.partitions(bundle)
        ends = {(topic, partition): 0 for topic in bundle.topics for partition in range(count)}
        create(house.store, bundle, count, ends, house.fingerprints(bundle), dict.fromkeys(bundle.topics, "t"))


def _kinds(registry: CollectorRegistry) -> set[str]:
    """What is registered, by the classes."""
    return {type(each).__name__ for each in registry._collector_to_names}
