"""The broker that all engines share: a real Kafka of one node, with Java's full compiler, as in service."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from confluent_kafka.admin import AdminClient, NewTopic

from hub.kafka import broker
from hub.kafka.runtime import Runtime, runtime

HEAP = "768m"


class Compiled(Runtime):
    """The local broker starts quickly by compiling little; measured, it would cost the engines that write much to Kafka."""

    def command(self, arguments: Sequence[str], *, heap: str, flags: Sequence[str] = ()) -> tuple[str, ...]:
        """As Runtime.command, with Java's own defaults."""
        classes = ":".join(str(jar) for jar in self.jars)
        return (str(self.java.program), f"-Xmx{heap}", "-Xlog:disable", *flags, "-cp", classes, *arguments)


@contextmanager
def kafka() -> Iterator[broker.Broker]:
    """A new broker on a free port, gone at the end with all it held."""
    plain = runtime()
    compiled = Compiled(**{each.name: getattr(plain, each.name) for each in fields(Runtime)})
    with tempfile.TemporaryDirectory(prefix="hub-bench-kafka-") as name:
        folder = Path(name) / "kafka"
        try:
            yield broker.start(folder, heap=HEAP, with_=compiled)
        finally:
            broker.stop(folder)


def create(bootstrap: str, **topics: int) -> None:
    """Create topics by name and partition count; `_` stands for `-`."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for done in admin.create_topics([NewTopic(name.replace("_", "-"), count, 1) for name, count in topics.items()]).values():
        done.result()
