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
    """The same, its archive made if this Java can use one and there is none yet (about 10 s, once); without it where none can be kept."""
    options = runtime.java.archiving
    if not options or not runtime.archive or runtime.archive.is_file():
        return runtime
    try:
        runtime.archive.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=runtime.archive.parent) as folder:
            _make(replace(runtime, archive=None), Path(folder), options[0]).replace(runtime.archive)
    except OSError:
        return replace(runtime, archive=None)
    return runtime


def _make(runtime: Runtime, folder: Path, making: str) -> Path:
    """The archive in a file; an empty one, which Java passes over, if this Java made none, so that it is not tried at every start."""
    (port, controller_port), _ = choose(None, 2)
    node = Node(number=1, port=port, controller_port=controller_port)
    plan = Plan(folder=folder, cluster_id=disk.new_cluster_id(), nodes=(node,))
    disk.prepare(plan, runtime)
    archive = folder / "classes"
    child = launch(plan, node, runtime, heap="256m", attached=True, flags=(f"{making}{archive}",))
    try:
        await_answers(plan, ((node, child),))
    finally:
        process.end(child, patience=60)
    archive.touch()
    return archive
