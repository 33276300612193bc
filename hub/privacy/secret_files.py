"""Files that hold a secret: for their owner alone, durable when made, overwritten when destroyed."""

import os
import stat
from pathlib import Path

from hub.model.errors import Misconfigured

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def write_secret(path: Path, content: bytes) -> None:
    """Makes a file that only its owner may read, whole and durable before it appears; FileExistsError where there is one."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)
    finally:
        part.unlink()
    settle(path.parent)


def read_secret(path: Path, size: int) -> bytes:
    """The content of a secret file; Misconfigured where it is missing, of another size, or readable by others."""
    try:
        mode, content = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise Misconfigured(str(path), f"cannot be read: {error.strerror}", "restore it from its backup") from None
    if mode & _OTHERS:
        raise Misconfigured(str(path), "others may read it", f"chmod 600 {path}, and think who may have")
    if len(content) != size:
        raise Misconfigured(str(path), f"has {len(content)} bytes, not {size}", "restore it from its backup")
    return content


def destroy(path: Path) -> None:
    """Puts zeros over every byte of a file, on the disk, and then removes it."""
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    settle(path.parent)


def settle(folder: Path) -> None:
    """Makes what was made, renamed or removed in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
