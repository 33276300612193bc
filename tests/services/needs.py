"""What a test may need from the machine: `@pytest.mark.needs("local kafka", "disk")`; what is missing is skipped with the reason."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from shutil import which

from hub.kafka.runtime import Runtime
from tests.services.kafka import engine_answers, local_runtime


@cache
def missing(need: str) -> str:
    """Why this machine does not offer it; empty where it does. An unknown need is a mistake in the test."""
    return _NEEDS[need]()


def _local_kafka() -> str:
    ready = local_runtime()
    return "" if isinstance(ready, Runtime) else f"no local Kafka: {ready}"


def _disk() -> str:
    """A small file system of the test's own."""
    if os.geteuid() != 0:
        return "only root can mount a small file system"
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, text=True, check=False)
        if tried.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        return tried.stderr.strip()


def _container_engine() -> str:
    return "" if engine_answers() else "no container engine answers"


def _promtool() -> str:
    return "" if which("promtool") else "promtool is not installed (Debian: prometheus)"


def _amtool() -> str:
    return "" if which("amtool") else "amtool is not installed (Debian: prometheus-alertmanager)"


def _helm() -> str:
    return "" if which("helm") else "helm is not installed (make check-deploy fetches it as a Go module)"


def _systemd() -> str:
    return "" if which("systemd-analyze") else "systemd-analyze is not installed (Debian: systemd)"


def _chromium() -> str:
    return "" if which("chromium") else "chromium is not installed (Debian: apt-get install chromium)"


def _openid_provider() -> str:
    return "" if which("node") and which("npm") else "Node and npm are not installed, from which a certified OpenID provider runs"


def _node() -> str:
    return "" if which("node") and which("npm") else "Node and npm are not installed (Debian: apt-get install nodejs npm)"


def _go() -> str:
    return "" if which("go") else "Go is not installed (https://go.dev/dl)"


def _jdk() -> str:
    return "" if which("javac") else "a Java compiler is not installed (Debian: apt-get install default-jdk-headless)"


_NEEDS: Mapping[str, Callable[[], str]] = {
    "local kafka": _local_kafka,  # its folder, its process, its death
    "three brokers": _local_kafka,
    "acl": _local_kafka,
    "disk": _disk,
    "container engine": _container_engine,
    "promtool": _promtool,
    "amtool": _amtool,
    "chromium": _chromium,
    "helm": _helm,
    "systemd-analyze": _systemd,
    "openid provider": _openid_provider,
    "node": _node,
    "go": _go,
    "jdk": _jdk,
}
