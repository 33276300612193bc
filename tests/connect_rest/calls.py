"""Every operation of Kafka Connect's REST guide and what it refuses, as calls that can be made of any server that speaks it.

A call's name is that of its recorded answer. What differs between servers (the class of a connector, its own settings) is a `World`.
A call with `until` is made again until the answer is so, and that answer counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Answer = Mapping[str, Any]
Body = Callable[["World"], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One server's connectors: `settings` are those of one that works, `broken` makes it fail, `needed` is a setting that must be said."""

    kind: str
    sink: str
    settings: Mapping[str, str]
    broken: Mapping[str, str]
    needed: str
    counted: str
    """An own setting that is a number."""
    moved: Mapping[str, Any]
    """Where the connector `files` could stand: one partition and its offset."""
    logger: str
    words: Mapping[str, str] = field(default_factory=dict)
    """What else stands in its answers and in no other server's, and what it stands for."""

    @property
    def config(self) -> dict[str, str]:
        """The flat configuration of the connector that works."""
        return {"connector.class": self.kind, "tasks.max": "1", **self.settings}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request; `text` instead of `body` is sent as it stands."""

    name: str
    method: str
    path: str
    body: Body | None = None
    text: str | None = None
    media: str = "application/json"
    until: str = ""


def get(name: str, path: str, *, until: str = "") -> Call:
    """Ask."""
    return Call(name=name, method="GET", path=path, until=until)


def put(name: str, path: str, body: Body | None = None) -> Call:
    """Have it so."""
    return Call(name=name, method="PUT", path=path, body=body)


def post(name: str, path: str, body: Body | None = None) -> Call:
    """Have it done."""
    return Call(name=name, method="POST", path=path, body=body)


def patch(name: str, path: str, body: Body) -> Call:
    """Have part of it otherwise."""
    return Call(name=name, method="PATCH", path=path, body=body)


def delete(name: str, path: str) -> Call:
    """Have it no more."""
    return Call(name=name, method="DELETE", path=path)


def created(name: str, **more: Any) -> Body:
    """The body that creates the connector that works."""
    return lambda world: {"name": name, "config": world.config, **more}


def without_needed(world: World) -> dict[str, str]:
    """A configuration that lacks what must be said."""
    return {key: value for key, value in world.config.items() if key != world.needed}


CONDITIONS: Mapping[str, Callable[[Any], bool]] = {
    "running": lambda said: said["connector"]["state"] == "RUNNING" and [t["state"] for t in said["tasks"]] == ["RUNNING"],
    "paused": lambda said: said["connector"]["state"] == "PAUSED" and [t["state"] for t in said["tasks"]] == ["PAUSED"],
    "stopped": lambda said: said["connector"]["state"] == "STOPPED" and not said["tasks"],
    "failed": lambda said: said["connector"]["state"] == "FAILED" or any(t["state"] == "FAILED" for t in said["tasks"]),
    "placed": lambda said: bool(said["offsets"]),
    "written": lambda said: any(each["topics"] for each in said.values()),
    "idle": lambda said: said["state"] == "RUNNING",
}

SERVER = (
    get("root", "/"),
    get("health", "/health"),
    get("connectors-none", "/connectors"),
    get("plugins", "/connector-plugins"),
    get("plugins-all", "/connector-plugins?connectorsOnly=false"),
    get("plugin-config", "/connector-plugins/{kind}/config"),
    put("validate", "/connector-plugins/{kind}/config/validate", lambda world: {"name": "files", **world.config}),
    put("validate-needed-missing", "/connector-plugins/{kind}/config/validate", lambda world: {"name": "files", **without_needed(world)}),
    put("validate-no-number", "/connector-plugins/{kind}/config/validate",
        lambda world: {"name": "files", **world.config, world.counted: "many", "tasks.max": "none"}),
    get("loggers", "/admin/loggers"),
    get("logger", "/admin/loggers/root"),
    put("logger-level", "/admin/loggers/{logger}", lambda _: {"level": "ERROR"}),
    get("logger-changed", "/admin/loggers/{logger}"),
    put("logger-level-cluster", "/admin/loggers/{logger}?scope=cluster", lambda _: {"level": "WARN"}),
)  # fmt: skip

LIFE = (
    post("create", "/connectors", created("files")),
    get("status-running", "/connectors/files/status", until="running"),
    get("connectors", "/connectors"),
    get("connectors-expanded", "/connectors?expand=status&expand=info"),
    get("connectors-status", "/connectors?expand=status"),
    get("connectors-expanded-unknown", "/connectors?expand=nothing"),
    get("connector", "/connectors/files"),
    get("config", "/connectors/files/config"),
    get("tasks", "/connectors/files/tasks"),
    get("task-status", "/connectors/files/tasks/0/status"),
    get("offsets", "/connectors/files/offsets", until="placed"),
    get("topics", "/connectors/files/topics", until="written"),
    put("topics-reset", "/connectors/files/topics/reset"),
    put("config-put", "/connectors/files/config", lambda world: {**world.config, world.counted: "100"}),
    get("status-configured", "/connectors/files/status", until="running"),
    patch("config-patch", "/connectors/files/config", lambda world: {world.counted: "200", "tasks.max": None}),
    get("config-patched", "/connectors/files/config"),
    get("status-patched", "/connectors/files/status", until="running"),
    post("restart", "/connectors/files/restart"),
    get("status-restarted", "/connectors/files/status", until="running"),
    post("restart-with-tasks", "/connectors/files/restart?includeTasks=true&onlyFailed=false"),
    get("status-restarted-with-tasks", "/connectors/files/status", until="running"),
    post("restart-only-failed", "/connectors/files/restart?includeTasks=true&onlyFailed=true"),
    post("task-restart", "/connectors/files/tasks/0/restart"),
    get("task-restarted", "/connectors/files/tasks/0/status", until="idle"),
    put("pause", "/connectors/files/pause"),
    get("status-paused", "/connectors/files/status", until="paused"),
    put("resume", "/connectors/files/resume"),
    get("status-resumed", "/connectors/files/status", until="running"),
    put("stop", "/connectors/files/stop"),
    get("status-stopped", "/connectors/files/status", until="stopped"),
    get("tasks-stopped", "/connectors/files/tasks"),
    patch("refused-offsets-partition", "/connectors/files/offsets",
          lambda world: {"offsets": [{"partition": {"elsewhere": "1"}, "offset": world.moved["offset"]}]}),
    patch("offsets-patch", "/connectors/files/offsets", lambda world: {"offsets": [world.moved]}),
    get("offsets-patched", "/connectors/files/offsets"),
    delete("offsets-delete", "/connectors/files/offsets"),
    get("offsets-deleted", "/connectors/files/offsets"),
    put("resume-stopped", "/connectors/files/resume"),
    get("status-resumed-from-stop", "/connectors/files/status", until="running"),
    delete("delete", "/connectors/files"),
    get("connectors-deleted", "/connectors"),
    put("config-put-new", "/connectors/other/config", lambda world: world.config),
    delete("delete-other", "/connectors/other"),
    post("create-stopped", "/connectors", created("quiet", initial_state="STOPPED")),
    get("status-created-stopped", "/connectors/quiet/status", until="stopped"),
    delete("delete-quiet", "/connectors/quiet"),
    post("create-broken", "/connectors", lambda world: {"name": "broken", "config": {**world.config, **world.broken}}),
    get("status-failed", "/connectors/broken/status", until="failed"),
    post("restart-failed", "/connectors/broken/restart?includeTasks=true&onlyFailed=true"),
    delete("delete-broken", "/connectors/broken"),
)  # fmt: skip

REFUSED = (
    get("refused-path", "/nowhere"),
    delete("refused-method", "/connectors"),
    get("refused-connector", "/connectors/nobody"),
    get("refused-config", "/connectors/nobody/config"),
    get("refused-status", "/connectors/nobody/status"),
    get("refused-tasks", "/connectors/nobody/tasks"),
    get("refused-offsets", "/connectors/nobody/offsets"),
    delete("refused-delete", "/connectors/nobody"),
    put("refused-pause", "/connectors/nobody/pause"),
    put("refused-resume", "/connectors/nobody/resume"),
    put("refused-stop", "/connectors/nobody/stop"),
    post("refused-restart", "/connectors/nobody/restart"),
    post("refused-restart-with-tasks", "/connectors/nobody/restart?includeTasks=true"),
    patch("refused-patch", "/connectors/nobody/config", lambda world: {world.counted: "1"}),
    post("refused-no-class", "/connectors", lambda _: {"name": "new", "config": {}}),
    post("refused-class", "/connectors", lambda _: {"name": "new", "config": {"connector.class": "nowhere"}}),
    post("refused-needed-missing", "/connectors", lambda world: {"name": "new", "config": without_needed(world)}),
    post("refused-several", "/connectors", lambda world: {"name": "new", "config": {**without_needed(world), "tasks.max": "none"}}),
    post("refused-state", "/connectors", created("new", initial_state="ASLEEP")),
    post("refused-unknown-field", "/connectors", created("new", other="1")),
    post("refused-list", "/connectors", lambda _: []),
    Call(name="refused-no-json", method="POST", path="/connectors", text="{SMITH"),
    Call(name="refused-media", method="POST", path="/connectors", text="name=new", media="text/plain"),
    put("refused-other-name", "/connectors/new/config", lambda world: {"name": "old", **world.config}),
    get("refused-plugin", "/connector-plugins/Nowhere/config"),
    put("refused-plugin-validate", "/connector-plugins/Nowhere/config/validate", lambda _: {"connector.class": "Nowhere"}),
    put("refused-plugin-other", "/connector-plugins/{kind}/config/validate", lambda world: {**world.config, "connector.class": world.sink}),
    get("refused-logger", "/admin/loggers/nowhere"),
    put("refused-level", "/admin/loggers/root", lambda _: {"level": "LOUD"}),
    put("refused-no-level", "/admin/loggers/root", lambda _: {}),
    post("create-for-refusals", "/connectors", created("files")),
    get("status-for-refusals", "/connectors/files/status", until="running"),
    post("refused-exists", "/connectors", created("files")),
    get("refused-task", "/connectors/files/tasks/7/status"),
    post("refused-task-restart", "/connectors/files/tasks/7/restart"),
    get("refused-task-number", "/connectors/files/tasks/first/status"),
    delete("refused-offsets-running", "/connectors/files/offsets"),
    patch("refused-offsets-patch-running", "/connectors/files/offsets", lambda world: {"offsets": [world.moved]}),
    patch("refused-offsets-none", "/connectors/files/offsets", lambda _: {"offsets": []}),
    patch("refused-offsets-empty", "/connectors/files/offsets", lambda _: {}),
    put("refused-config-put", "/connectors/files/config", without_needed),
    delete("delete-after-refusals", "/connectors/files"),
)

CALLS = (*SERVER, *LIFE, *REFUSED)
