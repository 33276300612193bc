"""The one entrance to this house: what pages, API and commands ask before they show anything."""

from functools import partial

from prometheus_client import CollectorRegistry

from hub.cli.access import accounts, now, policy, record, seal_words, secret_for
from hub.cli.composition import House
from hub.metrics import Glasses
from hub.model.errors import Misconfigured
from hub.privacy.access import Policy
from hub.privacy.access_record import AccessRecord, Kind, Look
from hub.privacy.sessions import Sessions
from hub.web.entrance import Entrance
from hub.web.oidc import Provider
from hub.web.threads import Threads

_THREADS = 8


def entrance(house: House, registry: CollectorRegistry | None = None) -> Entrance:
    """What pages, API and commands ask before they show anything; a changed policy is recorded. Raises Misconfigured."""
    web = house.settings.web
    known, kept = policy(), record(house)
    _note_policy(kept, known)
    return Entrance(
        accounts=accounts(house), sessions=Sessions(books=house.store, clock=now), record=kept, policy=known,
        secret=secret_for(house, "forms"),
        controller=house.settings.controller, threads=Threads(_THREADS), glasses=Glasses(registry or CollectorRegistry()),
        secure=web.address.startswith("https://"), elsewhere=_elsewhere(house), seal=partial(seal_words, house),
    )  # fmt: skip


def _elsewhere(house: House) -> Provider | None:
    """The OpenID provider of the settings, if there is one."""
    web, oidc = house.settings.web, house.settings.web.oidc
    if not oidc.issuer:
        return None
    if not web.address:
        raise Misconfigured("web.address", "is not set", "the OpenID provider must know the one address it sends people back to")
    return Provider(
        issuer=oidc.issuer,
        client_id=oidc.client_id,
        client_secret=oidc.client_secret,
        back=web.address.rstrip("/") + "/sign-in/elsewhere/back",
    )


def _note_policy(kept: AccessRecord, known: Policy) -> None:
    """A policy that is not the one that was in force last is itself something to be found later."""
    last = kept.last(Kind.POLICY_CHANGED)
    if last is None or last.body["why"] != known.digest:
        before = None if last is None else str(last.body["why"])
        kept.write(Look(kind=Kind.POLICY_CHANGED, actor="hub", role="", organisation="", why=known.digest, search=before))
