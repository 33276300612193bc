"""Where others hand records in: the store that keeps them, and the connectors that say who may."""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from hub.cli.composition import House
from hub.connect.intake import Intake
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
    """How each connector that others post to lets them in."""
    from connectors import KINDS, http_intake, load_config
    from hub.configuration import load_document

    folder = house.settings.connectors
    intakes = {kind.name for kind in KINDS if issubclass(kind.config, http_intake.Intake)}
    files = [file for file in sorted(folder.glob("*.yaml")) if load_document(file).get("kind") in intakes] if folder is not None else []
    configs = [load_config(file)[1] for file in files]
    admits = {config.name: partial(_admit, config) for config in configs if isinstance(config, http_intake.Intake)}

    def admit(connector: str) -> Admit | None:
        return admits.get(connector)

    return Doors(intake=intake(house), admit=admit)


def _admit(config: "http_intake.Intake", headers: Mapping[str, str], body: bytes) -> str:
    from connectors import http_intake

    try:
        return http_intake.admitted(config, headers, body)
    except http_intake.Unwelcome as unwelcome:
        raise Problematic(HTTPStatus(unwelcome.status), unwelcome.code, _WHY[unwelcome.code]) from None
