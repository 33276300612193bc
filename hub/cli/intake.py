"""Where others hand records in: the store that keeps them, and the connectors that say who may."""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from hub.cli.composition import House
from hub.connect.flat import document_of
from hub.connect.intake import Intake
from hub.connect.repository import Connectors, NoSuchConnector
from hub.connect.secrets import Secrets
from hub.connect.words import Known
from hub.model.errors import Misconfigured
from hub.web.intake import Admit, Doors
from hub.web.problems import Problematic

if TYPE_CHECKING:
    from connectors import http_intake  # the connectors take a third of a second to import, which few commands need

_WHY = {
    "token-unknown": "The bearer token is not this connector's.",
    "signature-unknown": "The signature is not this connector's, or its time is more than five minutes off.",
    "idempotency-key-missing": "Name the post by the header Idempotency-Key, so that it can be sent again.",
}


def intake(house: House) -> Intake:
    """What was handed in, in this house's store."""
    return Intake(store=house.store, seal=house.originals.seal, open_box=house.originals.open)


def doors(house: House) -> Doors:
    """How each connector that others post to lets them in, whoever described it."""
    connectors, known_doors = Connectors(store=house.store), dict[str, tuple[Known, Admit | None]]()

    def admit(name: str) -> Admit | None:
        try:
            known = connectors.find(name)
        except NoSuchConnector:
            return None
        if name not in known_doors or known_doors[name][0] != known:
            known_doors[name] = known, _door(known)
        return known_doors[name][1]

    return Doors(intake=intake(house), admit=admit)


def _door(known: Known) -> Admit | None:
    from connectors import KINDS, http_intake
    from hub.configuration import checked
    from hub.connect.building import own_settings

    model = next((kind.config for kind in KINDS if kind.name == known.kind and issubclass(kind.config, http_intake.Intake)), None)
    if model is None:
        return None
    try:
        config = checked(Path(f"connector {known.name}"), own_settings(document_of(known.config), Secrets()), model)
    except Misconfigured:
        detail = "The connector cannot be read as it is set up."
        raise Problematic(HTTPStatus.SERVICE_UNAVAILABLE, "misconfigured", detail) from None
    return partial(_admit, config)


def _admit(config: "http_intake.Intake", headers: Mapping[str, str], body: bytes) -> str:
    from connectors import http_intake

    try:
        return http_intake.admitted(config, headers, body)
    except http_intake.Unwelcome as unwelcome:
        raise Problematic(HTTPStatus(unwelcome.status), unwelcome.code, _WHY[unwelcome.code]) from None
