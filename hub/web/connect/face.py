"""What the connectors are to Kafka Connect's clients: their configurations checked, kept and shown without secrets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from hub.connect.kinds import Setting
from hub.connect.repository import Connectors, NoSuchConnector
from hub.connect.words import ConnectorStatus, FlatConfig, Known, Wish
from hub.connect.written_topics import WrittenTopics
from hub.web.connect import answers, plugins
from hub.web.connect.loggers import Loggers
from hub.web.connect.refusals import Refused
from hub.web.entrance import Entrance

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Face:
    """What the application answers from; `base` is the folder relative paths begin at, `alone`: there is no other process of this hub."""

    connectors: Connectors
    topics: WrittenTopics
    kinds: tuple[str, ...]
    base: str
    release: str
    entrance: Entrance
    now: Callable[[], datetime]
    cluster_id: Callable[[], str | None]
    alone: bool
    loggers: Loggers = field(default_factory=Loggers)

    async def run(self, work: Callable[..., T], *given: Any) -> T:
        """Work that waits for the store, on a thread."""
        return await self.entrance.threads.run(work, *given)

    def names(self) -> list[str]:
        """Every connector but the hub's own, which nobody describes and nobody may delete."""
        return [known.name for known in self._theirs()]

    def is_the_hubs_own(self, name: str) -> bool:
        """Whether it is one of those."""
        return any(known.name == name and known.origin == "hub" for known in self.connectors.all())

    def shown(self, known: Known) -> dict[str, str]:
        """A connector's configuration without its secrets."""
        return plugins.shown(self._settings(known.config), known.config)

    def info(self, name: str) -> answers.Said:
        """A connector as it is described; raises NoSuchConnector."""
        known = self.connectors.find(name)
        return answers.info(known, self.connectors.status(name), self.shown(known))

    def expanded(self, wanted: list[str]) -> dict[str, answers.Said]:
        """Every connector, with as much of it as is wanted: `status`, `info`."""
        statuses = {each.name: each for each in self.connectors.statuses()}
        return {
            known.name: {name: said for name, said in self._every(known, statuses[known.name]).items() if name in wanted}
            for known in self._theirs()
            if known.name in statuses
        }

    def _theirs(self) -> list[Known]:
        return [known for known in self.connectors.all() if known.origin != "hub"]

    def _every(self, known: Known, status: ConnectorStatus) -> dict[str, answers.Said]:
        return {"status": answers.state(status, self.release), "info": answers.info(known, status, self.shown(known))}

    def create(self, name: str, config: FlatConfig, wish: Wish) -> answers.Said:
        """A new connector; raises ConnectorExists, Refused."""
        self._check(config)
        return self._created(self.connectors.create(name, config, base=self.base, wish=wish))

    def put(self, name: str, config: FlatConfig) -> tuple[bool, answers.Said]:
        """Describe a connector whole; true if it is new. Raises Refused."""
        try:
            before: FlatConfig = self.connectors.find(name).config
        except NoSuchConnector:
            before = {}
        if self._applied(name, plugins.put_back(config, before)):
            return True, self._created(self.connectors.find(name))
        return False, self.info(name)

    def patch(self, name: str, changes: Mapping[str, str | None]) -> answers.Said:
        """Describe part of a connector otherwise; None goes. Raises NoSuchConnector, Refused."""
        before = self.connectors.find(name).config
        after = {key: value for key, value in {**before, **changes}.items() if value is not None}
        self._applied(name, plugins.put_back(after, before))
        return self.info(name)

    def _applied(self, name: str, config: FlatConfig) -> bool:
        whole = {**config, "name": name}
        self._check(whole)
        return self.connectors.apply(name, whole, base=self.base)

    def _created(self, known: Known) -> answers.Said:
        return answers.created(known, "source", self.shown(known))

    def _settings(self, config: FlatConfig) -> tuple[Setting, ...]:
        kind = config.get("connector.class", "")
        return plugins.settings(kind) if kind in self.kinds else ()

    def _check(self, config: FlatConfig) -> None:
        kind = config.get("connector.class", "")
        if not kind:
            raise Refused(400, f"Connector config {{name={config['name']}}} contains no connector type")
        if kind not in self.kinds:
            raise Refused(400, f"Failed to find any class that implements Connector; available connectors are: {', '.join(self.kinds)}")
        if errors := plugins.sentences(self._settings(config), config, plugins.faults(config)):
            raise Refused(400, plugins.invalid(errors))
