"""Faust as it is commonly run: an agent, a table in memory with its changelog topic, offsets acknowledged by Faust.

Faust's default store is `memory://`; RocksDB would be slower. State and input position are written separately (at least once), so unlike
the other engines this one may disagree with itself after a crash. The web server is off, which favours it.
"""

import asyncio
import os
import sys
from pathlib import Path

import faust

sys.path.insert(0, str(Path(__file__).parents[1]))
from avro_events import decoder, fold
from command_line import given
from stopwatch import Stopwatch

options = given()
decode = decoder(Path(options.schema))
watch = Stopwatch(int(options.events))
counted = asyncio.Event()

app = faust.App(
    options.group, broker=f"kafka://{options.bootstrap}", store="memory://", datadir=options.folder, web_enabled=False, topic_partitions=4,
    consumer_auto_offset_reset="earliest", topic_disable_leader=True,
)  # fmt: skip
events = app.topic(options.topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
cases = app.Table("cases", partitions=4)


@app.agent(events)
async def learn(stream):
    async for key, value in stream.items():
        name = key.decode()
        cases[name] = fold(cases.get(name), decode(value))
        if watch.add():
            counted.set()


async def main():
    await app.start()
    await counted.wait()
    line = watch.line()
    await app.producer.flush()
    await app.consumer.commit()
    print(line, flush=True)
    os._exit(0)  # Faust's own stopping takes longer than the run


loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
app.loop = loop
loop.run_until_complete(main())
