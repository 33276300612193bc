"""`hub partner` and `hub tail`: a recipient's topic, user and leave; fictitious people to try them with; and what it is shown."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from hub.cli.composition import House, closing
from hub.cli.output import Config, Json, house, say
from hub.cli.schemas import held
from hub.model.errors import Misconfigured
from hub.privacy.agreements import load_agreements
from hub.privacy.partnership import load_partnership
from hub.sharing.agreement import NoticeAgreement, Status, Transport
from hub.sharing.readers import broken, newest_by_record, reading
from hub.sharing.versions import notice_subject
from hub.sharing.wire import notice_schema_id, notice_topic, notice_writer
from hub.shipped import shipped

app = typer.Typer(help="Partners who are told on a topic of their own: what they are given, and how they try it.", no_args_is_help=True)
Agreement = Annotated[str, typer.Argument(help="The agreement under which the partner is told; hub agreements show names them.")]


def told_on_topics() -> dict[str, NoticeAgreement]:
    """The active agreements whose recipients are told on a topic of their own, whether or not they are in force today.

    Corrections of what was told go out also after an agreement has ended; only one that is disabled, or goes another way, ends its leave.
    """
    folder = shipped("policies")
    found = load_agreements(folder, load_partnership(folder))
    return {each.id: each for each in found.values() if each.status is Status.ACTIVE and each.transport is Transport.TOPIC}


def accesses() -> Any:
    """What each of them is to have on Kafka."""
    from hub.kafka.partners import Access, PartnerTopic

    return [
        Access(agreement=each.id, topic=PartnerTopic(name=notice_topic(each), retention_days=each.retention_days))
        for each in told_on_topics().values()
    ]


def settle(opened: House, *, dry_run: bool = False) -> dict[str, Any]:
    """Make the partners' topics, leave and quotas equal to the agreements; says what was changed, and who cannot sign in yet."""
    from hub.kafka.partners import secured
    from hub.kafka.partners import settle as settle_leave
    from hub.kafka.provision import provision

    wanted = accesses()
    topics = provision(opened.kafka, [each.topic for each in wanted], copies=opened.settings.kafka.replication_factor, dry_run=dry_run)
    if not secured(opened.kafka):
        return {"topics_created": list(topics.created), "granted": 0, "withdrawn": 0, "without_user": []}
    done = settle_leave(opened.kafka, wanted, dry_run=dry_run)
    return {"topics_created": list(topics.created), "granted": done.granted, "withdrawn": done.withdrawn,
            "without_user": list(done.without_user)}  # fmt: skip


@app.command()
def add(agreement: Agreement, *, config: Config = None, as_json: Json = False) -> None:
    """Give a partner its topic, leave, quota and user, and print all that it needs; its pass phrase is told once, here."""
    from hub.kafka.partners import ANSWERS, admit, secured

    with closing(house(config, kafka=True)) as opened:
        access, found = _access(agreement), told_on_topics()[agreement]
        settle(opened)
        password = admit(opened.kafka, access) if secured(opened.kafka) else None
        security = opened.settings.kafka.security
        registry = opened.settings.registry
        said = {
            "bootstrap": opened.settings.kafka.bootstrap, "security_protocol": security.get("security.protocol", "PLAINTEXT"),
            "sasl_mechanism": security.get("sasl.mechanism"), "user": access.user if password else None, "password": password,
            "authority": security.get("ssl.ca.location"), "topic": access.topic.name, "groups_begin_with": access.groups,
            "schemas": registry.url or f"http://{registry.host}:{registry.port}", "subject": notice_subject(agreement),
            "schema_id": notice_schema_id(found), "answers_go_to": ANSWERS, "kept_for_days": found.retention_days,
            "purpose": found.purpose, "basis": found.basis,
        }  # fmt: skip
    say(said, as_json=as_json)


@app.command("list")
def list_(*, config: Config = None, as_json: Json = False) -> None:
    """Every partner who is told on a topic: its topic, its user, and whether it can sign in."""
    from hub.kafka.partners import secured
    from hub.kafka.partners import settle as look

    with closing(house(config, kafka=True)) as opened:
        wanted = accesses()
        lacking = set(look(opened.kafka, wanted, dry_run=True).without_user) if secured(opened.kafka) else set()
        rows = [
            {"agreement": each.agreement, "topic": each.topic.name, "user": each.user, "can_sign_in": each.agreement not in lacking}
            for each in wanted
        ]
    say(rows, as_json=as_json)


@app.command()
def revoke(agreement: Agreement, *, config: Config = None, as_json: Json = False) -> None:
    """Take a partner's leave, user and quota away at once; disable its agreement too, or hub provision gives the leave back."""
    from hub.kafka.partners import Access, PartnerTopic, secured
    from hub.kafka.partners import revoke as take

    with closing(house(config, kafka=True)) as opened:
        if not secured(opened.kafka):
            raise Misconfigured("kafka.security", "names nobody who signs in: on an open Kafka there is no leave to take away")
        taken = take(opened.kafka, Access(agreement=agreement, topic=PartnerTopic(name=f"tell-us-once-{agreement}", retention_days=1)))
    say({"partner": agreement, "leave_taken": taken}, as_json=as_json, sentence=f"{agreement} may do nothing more")


@app.command()
def endpoints(*, config: Config = None, as_json: Json = False) -> None:
    """Every partner whose notices are posted to an address: whether it takes them, why not, and when it is asked again."""
    from hub.cli.telling import told_by_webhook

    with closing(house(config)) as opened:
        rows = [_endpoint(opened, each) for each in told_by_webhook(opened)]
    say(rows, as_json=as_json)


def _endpoint(opened: House, agreement: str) -> dict[str, Any]:
    """Where it is, without the path: partners put tokens there."""
    from hub.telling.address import target
    from hub.telling.endpoints import Endpoints, digest

    said = opened.settings.webhooks.get(agreement)
    if said is None:
        return {"agreement": agreement, "host": None, "state": "no address", "since": None, "failed": 0, "next_at": None, "why": ""}
    seen = Endpoints(store=opened.store).of(agreement, digest(said.url))
    return {
        "agreement": agreement, "host": target(said.url, said.ports).host, "state": seen.state.value, "since": seen.since,
        "failed": seen.failed, "next_at": seen.next_at, "why": seen.why,
    }  # fmt: skip


@app.command()
def resume(agreement: Agreement, *, config: Config = None, as_json: Json = False) -> None:
    """Ask a partner's endpoint again at once, though its turn is later or it said that it is gone; exit 1 where nothing was waiting."""
    from hub.telling.endpoints import Endpoints

    with closing(house(config)) as opened:
        done = Endpoints(store=opened.store).resume(agreement)
    say({"partner": agreement, "resumed": done}, as_json=as_json, sentence=f"{agreement} {'is asked again' if done else 'was not waiting'}")
    if not done:
        raise typer.Exit(1)


@app.command()
def sample(agreement: Agreement, *, config: Config = None, as_json: Json = False) -> None:
    """Send fictitious people to a partner's topic, every kind of life event it is told of; refused once it was told anything real."""
    from hub.engine.sample_sender import send_samples
    from hub.sharing.samples import samples

    with closing(house(config, kafka=True)) as opened:
        topic, found = _access(agreement).topic.name, told_on_topics()[agreement]
        write = notice_writer(found)
        sent = send_samples(opened.kafka, topic, [(key, write(values)) for key, values in samples(found)])
    say({"topic": topic, "sent": sent}, as_json=as_json, sentence=f"{sent} fictitious notices on {topic}")


@app.command()
def register(
    partner: Annotated[str, typer.Argument(help="Who reads; its file is schemas/readers/<partner>.yaml.")],
    *,
    reads: Annotated[list[str], typer.Option("--reads", help="Record#field,field; may be said again.")],
    as_json: Json = False,
) -> None:
    """Write down which fields a partner reads, so that hub schema check names it before a change takes one away."""
    if not partner.replace("-", "").isalnum():
        raise Misconfigured(partner, "is not the name of a partner", "letters, digits and dashes")
    found = {each.record: each for each in map(_reading, reads)}
    schemas = held()
    newest = newest_by_record(version for versions in schemas.named.values() for version in versions)
    if wrong := broken(found.values(), newest, newest):
        raise Misconfigured(
            "--reads", "; ".join(f"{each.record}#{each.field} {each.why}" for each in wrong), "hub schema show prints the fields"
        )
    path = shipped("schemas") / "readers" / f"{partner}.yaml"
    path.write_text("".join(f"{each.record}: [{', '.join(each.fields)}]\n" for each in found.values()), "utf-8")
    say({"written": str(path)}, as_json=as_json, sentence=f"written: {path}")


def _reading(text: str) -> Any:
    found = reading(text)
    if found is None:
        raise Misconfigured("--reads", "is not Record#field,field", "for example LibraryNotice#name,to_address")
    return found


def _access(agreement: str) -> Any:
    found = {each.agreement: each for each in accesses()}
    if agreement not in found:
        raise Misconfigured(agreement, "is not an active agreement whose recipient is told on a topic", f"one of {', '.join(found)}")
    return found[agreement]


def tail(
    topic: Annotated[str, typer.Argument(help="Whose records to show.")],
    *,
    partner: Annotated[str | None, typer.Option("--as", help="Show what this partner may read, and refuse the rest.")] = None,
    since: Annotated[float, typer.Option(help="How many minutes back; 0: all that is kept.")] = 0,
    key: Annotated[str | None, typer.Option(help="Only records under this key.")] = None,
    most: Annotated[int, typer.Option("--max", min=1, help="How many of the newest to show.")] = 20,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Show the newest records of a topic, decoded; what is personal is masked, and what is sealed stays sealed."""
    from hub.engine.tailing import Shown, newest
    from hub.kafka.partners import PREFIX

    if partner is not None and topic not in {
        each.topic.name for each in accesses() if partner in (each.agreement, each.user.removeprefix(PREFIX))
    }:
        raise Misconfigured(topic, f"is no topic that {partner} may read", f"it may read tell-us-once-{partner}")
    known = held()
    with closing(house(config, kafka=True)) as opened:
        after = datetime.now(UTC) - timedelta(minutes=since) if since else None
        found: Iterable[Shown] = newest(
            opened.kafka, topic, {each: of[0].text for each, of in known.ids.items()}, most=most, key=key, after=after
        )
    rows = [each.row() for each in found]
    if as_json:
        say(rows, as_json=True)
        return
    for row in rows:
        typer.echo(f"{row['at']} {row['topic']}/{row['partition']}@{row['offset']} key={row['key']} {row['record']}")
        for name, value in {**row["headers"], **row["fields"]}.items():
            typer.echo(f"    {name}: {value}")
