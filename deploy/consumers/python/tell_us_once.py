"""Reads the notices of one partner: confluent-kafka brings them, the registry says what the bytes mean, fastavro reads them.

    pip install confluent-kafka fastavro
    BOOTSTRAP=… USER=… PASSWORD=… CA=ca.pem TOPIC=… GROUP=… REGISTRY=http://… python tell_us_once.py

Every notice is printed as one line of JSON. MOST=n stops after n of them; without it, it runs until it is stopped.
"""

import json
import os
from functools import cache
from io import BytesIO
from urllib.request import urlopen

import fastavro
from confluent_kafka import Consumer

said = os.environ


@cache
def schema(number):
    """What the bytes behind this schema id mean; asked once."""
    with urlopen(f"{said['REGISTRY']}/schemas/ids/{number}", timeout=30) as answer:
        return fastavro.parse_schema(json.loads(json.load(answer)["schema"]))


def notice(value):
    """One magic byte, four bytes of schema id, and the record."""
    assert value[0] == 0, "not in Confluent's wire format"
    return fastavro.schemaless_reader(BytesIO(value[5:]), schema(int.from_bytes(value[1:5], "big")), None)


consumer = Consumer(
    {
        "bootstrap.servers": said["BOOTSTRAP"],
        "security.protocol": "SASL_SSL",
        "ssl.ca.location": said["CA"],
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": said["USER"],
        "sasl.password": said["PASSWORD"],
        "group.id": said["GROUP"],
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
    }
)
consumer.subscribe([said["TOPIC"]])
left = int(said.get("MOST", "0")) or None
while left is None or left > 0:
    message = consumer.poll(1.0)
    if message is None:
        continue
    if message.error():
        raise SystemExit(message.error().name())
    print(json.dumps(notice(message.value())), flush=True)  # act on it here, then say that you have it
    consumer.commit(message, asynchronous=False)
    left = left and left - 1
consumer.close()
