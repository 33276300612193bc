"""Notices as files in a folder that the recipient fetches from: lines of JSON, whole or not there, and a manifest that says so."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import orjson

from hub.contracts.notification_words import NoticeTransport
from hub.model.errors import Unavailable
from hub.sharing.agreement import NoticeAgreement
from hub.telling.notice import Notice
from hub.telling.transport import Delivered

NOTICES, MANIFEST, RESULT = ".notices.jsonl", ".manifest.json", ".result.json"
TIDY_EVERY = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class FolderTransport:
    """Writes one agreement's folder; what nobody fetched is deleted when the agreement's retention is over."""

    agreement: NoticeAgreement
    folder: Path
    clock: Callable[[], datetime]
    kind: NoticeTransport = NoticeTransport.FILE
    at_once: int = 500
    _tidied: datetime | None = None

    def deliver(self, notices: Sequence[Notice]) -> Iterator[Delivered]:
        """All of them in one file, then its manifest; raises Unavailable where the folder does not take it."""
        try:
            self._tidy(self.clock())
            name = self._write(notices) if notices else ""
        except OSError as error:
            raise Unavailable(f"folder {self.agreement.id}: {error.strerror}") from None
        for line in range(1, len(notices) + 1):
            yield Delivered(evidence=f"{name}:{line}")

    def close(self) -> None:
        """Nothing stays open."""

    def _write(self, notices: Sequence[Notice]) -> str:
        """The file's name: that of its first notice, so that what is written again after a crash takes its own place."""
        stem = f"{self.agreement.id}.{notices[0].message_id}"
        body = b"".join(orjson.dumps(dict(each.values)) + b"\n" for each in notices)
        manifest = {
            "file": stem + NOTICES, "agreement": self.agreement.id, "message_ids": [each.message_id for each in notices],
            "bytes": len(body), "sha256": sha256(body).hexdigest(),
        }  # fmt: skip
        _put(self.folder / (stem + NOTICES), body)
        _put(self.folder / (stem + MANIFEST), orjson.dumps(manifest) + b"\n")
        return stem + NOTICES

    def _tidy(self, now: datetime) -> None:
        """Delete what is older than the agreement keeps it, once an hour."""
        if self._tidied is not None and now - self._tidied < TIDY_EVERY:
            return
        oldest = (now - timedelta(days=self.agreement.retention_days)).timestamp()
        for end in (MANIFEST, NOTICES, RESULT):
            for path in self.folder.glob(f"{self.agreement.id}.*{end}*"):
                if path.lstat().st_mtime < oldest:
                    path.unlink(missing_ok=True)
        self._tidied = now


def _put(path: Path, body: bytes) -> None:
    """The file whole, for its owner and group, on the disk before anybody can see its name."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
