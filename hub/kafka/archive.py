"""The archive of loaded classes, made once per Java and jars by a broker that starts and stops: with it a start takes half as long."""

import tempfile
from dataclasses import replace
from pathlib import Path

from hub.kafka import disk, process
from hub.kafka.node import await_answers, launch
from hub.kafka.plan import Node, Plan
from hub.kafka.ports import choose
from hub.kafka.runtime import Runtime


def ready(runtime: Runtime) -> Runtime:
    """The same, its archive made if this Java can use one and there is none yet (about 7 s, once)."""
    if runtime.archive and not runtime.archive.is_file():
        runtime.archive.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=runtime.archive.parent) as folder:
            _make(replace(runtime, archive=None), Path(folder)).replace(runtime.archive)
    return runtime


def _make(runtime: Runtime, folder: Path) -> Path:
    (port, controller_port), _ = choose(None, 2)
    node = Node(number=1, port=port, controller_port=controller_port)
    plan = Plan(folder=folder, cluster_id=disk.new_cluster_id(), nodes=(node,))
    disk.prepare(plan, runtime)
    archive = folder / "classes.jsa"
    child = launch(plan, node, runtime, heap="256m", attached=True, flags=(f"-XX:ArchiveClassesAtExit={archive}",))
    try:
        await_answers(plan, ((node, child),))
    finally:
        process.end(child, patience=60)
    return archive
