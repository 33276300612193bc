"""Records what a genuine worker of Kafka Connect answers: `python -m tests.connect_rest.record`.

It starts a local Kafka and a worker with the connectors for files, makes every call, and writes each answer beside this file. The tests
read the answers and start no worker.
"""

import tempfile
from pathlib import Path

import orjson
from confluent_kafka.admin import AdminClient, NewTopic
from httpx2 import Client

from benchmarks.connectors.worker import worker
from hub.kafka import broker
from hub.kafka.jars import VERSION
from hub.kafka.runtime import runtime
from tests.connect_rest.asking import asked, request_of
from tests.connect_rest.calls import CALLS, World

RECORDED = Path(__file__).parent / "recorded"
CAST = "org.apache.kafka.connect.transforms.Cast$Value"


def connect_world(file: Path) -> World:
    """Kafka Connect's own source of lines of a file."""
    return World(
        kind="FileStreamSource",
        sink="FileStreamSink",
        settings={"file": str(file), "topic": "lines"},
        broken={"transforms": "number", "transforms.number.type": CAST, "transforms.number.spec": "int32"},
        needed="topic",
        counted="batch.size",
        moved={"partition": {"filename": str(file)}, "offset": {"position": 4}},
        logger="org.apache.kafka.connect",
    )


def main() -> None:
    """Record everything anew."""
    RECORDED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hub-connect-") as name:
        folder = Path(name)
        (folder / "lines.txt").write_text("one\ntwo\n", encoding="utf-8")
        running = broker.start(folder / "kafka", with_=runtime())
        try:
            admin = AdminClient(running.client)
            admin.create_topics([NewTopic("lines", 1, 1)])["lines"].result(60)
            _record(running.bootstrap, folder)
        finally:
            broker.stop(folder / "kafka")


def _record(bootstrap: str, folder: Path) -> None:
    world = connect_world(folder / "lines.txt")
    with worker(bootstrap, folder, {}) as running, Client(base_url=running.url, timeout=120) as http:
        for call in CALLS:
            answer = asked(http, world, call)
            said = orjson.dumps({"kafka": VERSION, "request": request_of(world, call), "answer": answer}, option=orjson.OPT_INDENT_2)
            text = said.decode().replace(str(folder), "/drops").replace(running.url.removeprefix("http://"), "127.0.0.1:8083")
            (RECORDED / f"{call.name}.json").write_text(f"{text}\n", encoding="utf-8")
            print(call.name, answer["status"])


if __name__ == "__main__":
    main()
