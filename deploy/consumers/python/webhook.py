"""Takes signed webhooks (standardwebhooks.com): what is altered, stale or signed by others is refused, a repeat is known for one.

    SECRETS="whsec_… whsec_…" SEEN=seen.db PORT=8000 python webhook.py

It listens on this machine alone: what ends the TLS stands in front of it. SECRETS is one, or two while one replaces the other. Every new
notice is printed as one line of JSON. Nothing but Python's own library is needed.
"""

import base64
import hmac
import json
import os
import re
import sqlite3
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

TOLERANCE = 5 * 60  # seconds that the sender's clock and this one may differ
MOST_BYTES = 1 << 20
MOST_SIGNATURES = 8


class Refused(Exception):
    """Not a webhook of theirs, or not of now; says why without what it said."""


def verified(headers, body, secrets, now):
    """The message's id, if one of the secrets signed exactly this a moment ago; raises Refused.

    `headers` has lower-case names. The text of a signature is compared, not what it decodes to: there is one way to write each.
    """
    message_id, at, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,128}", message_id) or not re.fullmatch(r"[1-9][0-9]{0,11}", at):
        raise Refused("no id, or no time")  # an id without a dot: what is signed can be taken apart in one way only
    if abs(now - int(at)) > TOLERANCE:
        raise Refused("not of now")
    signed = f"{message_id}.{at}.".encode() + body
    good = [_signature(secret, signed) for secret in secrets]
    given = [each.encode("utf-8", "replace") for each in signatures.split(" ")[:MOST_SIGNATURES]]
    if not any([hmac.compare_digest(one, each) for one in good for each in given]):  # noqa: C419 - each is looked at, whichever fits
        raise Refused("signed by nobody known")
    return message_id


def once(headers):
    """The headers by lower-case name, without those that are there twice: which of them was meant nobody knows."""
    found = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _signature(secret, signed):
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    return b"v1," + base64.b64encode(hmac.digest(key, signed, "sha256"))


class Seen:
    """The ids of what was acted on, in a file that outlives the process: the hub sends again until it hears that it was taken."""

    def __init__(self, path):
        self.store = sqlite3.connect(path)
        self.store.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY) WITHOUT ROWID")

    def new(self, message_id, act):
        """Act on it, unless that was done before; an act that fails is not remembered."""
        with self.store:
            if self.store.execute("INSERT INTO seen VALUES (?) ON CONFLICT DO NOTHING", (message_id,)).rowcount == 0:
                return False
            act()  # in your own database: the same transaction as the id
            return True


class Inbox(BaseHTTPRequestHandler):
    """204 where it was taken, now or before; 400 where it was refused."""

    timeout = 30
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        """One webhook."""
        length = self.headers.get("content-length", "")
        if not length.isdigit() or int(length) > MOST_BYTES:
            self.close_connection = True
            return self.say(413)
        body = self.rfile.read(int(length))
        try:
            message_id = verified(once(self.headers.items()), body, self.server.secrets, time.time())
        except Refused as refused:
            print(f"refused: {refused}", file=sys.stderr, flush=True)
            return self.say(400)
        self.server.seen.new(message_id, lambda: print(json.dumps(json.loads(body)["data"]), flush=True))  # act on it here
        return self.say(204)

    def say(self, status):
        """A status, and nothing else."""
        self.send_response_only(status)
        self.send_header("content-length", "0")
        self.end_headers()


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8000"))), Inbox)
    server.secrets, server.seen = os.environ["SECRETS"].split(), Seen(os.environ["SEEN"])
    print(f"listens on port {server.server_port}", file=sys.stderr, flush=True)
    server.serve_forever()
