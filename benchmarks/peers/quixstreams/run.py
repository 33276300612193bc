"""Quix Streams with its RocksDB state and changelog topic, exactly once, a commit a second."""

import logging
import sys
from pathlib import Path

from quixstreams import Application

sys.path.insert(0, str(Path(__file__).parents[1]))
from avro_events import decoder, fold
from command_line import given
from stopwatch import Stopwatch

options = given()
decode = decoder(Path(options.schema))
watch = Stopwatch(int(options.events))

app = Application(
    broker_address=options.bootstrap, consumer_group=options.group, auto_offset_reset="earliest", processing_guarantee="exactly-once",
    commit_interval=1.0, state_dir=options.folder, loglevel=logging.WARNING,
)  # fmt: skip


def learn(value, state):
    state.set("case", fold(state.get("case"), decode(value)))
    if watch.add():
        app.stop()


app.dataframe(app.topic(options.topic, value_deserializer="bytes", key_deserializer="bytes")).update(learn, stateful=True)
app.run()
print(watch.line(), flush=True)
