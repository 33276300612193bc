"""What `hub doctor` knows to be wrong with a hub: each fault's name, what it means, how it is mended, and what the command ends with."""

from dataclasses import dataclass

PROBLEM, MISCONFIGURED, UNREACHABLE = 1, 2, 3
"""What the command ends with: the worst of what was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that can be wrong."""

    name: str
    means: str
    mend: str
    code: int = PROBLEM


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault where it was met: which thing it is about, why the doctor says so, and what to do about this one."""

    fault: Fault
    where: str
    cause: str
    mend: str

    def row(self) -> dict[str, str | int]:
        """For programs."""
        return {"fault": self.fault.name, "where": self.where, "cause": self.cause, "mend": self.mend, "code": self.fault.code}


def found(name: str, where: str, cause: str, mend: str = "") -> Finding:
    """This fault, met here; where nothing better is known, it is mended as it usually is."""
    fault = FAULTS[name]
    return Finding(fault=fault, where=where, cause=cause, mend=mend or fault.mend)


_EVERY = (
    Fault(
        name="settings-wrong", code=MISCONFIGURED, means="A setting nobody knows, or a value that it cannot have.",
        mend="correct the line that is named; `hub config explain KEY` says what a setting means",
    ),
    Fault(
        name="no-hub", code=MISCONFIGURED, means="The folder or the store holds no hub.",
        mend="`hub init` makes a new one, `hub restore` brings a backup back; or correct `folder`",
    ),
    Fault(
        name="keys-missing", code=MISCONFIGURED, means="The key store, or the key that opens it, is not there.",
        mend="bring it back with `hub restore` from what `hub backup --keys` wrote: a new one would open nothing",
    ),
    Fault(
        name="keys-unreadable", code=MISCONFIGURED, means="The hub's own material is damaged, or others may read it.",
        mend="`chmod 600` it, and think who may have read it; where it is damaged, restore it from its backup",
    ),
    Fault(
        name="store-unreachable", code=UNREACHABLE, means="The database does not answer.",
        mend="start PostgreSQL, or correct `store`; the hub waits, and goes on by itself",
    ),
    Fault(
        name="store-locked", code=UNREACHABLE, means="Another program holds the SQLite file, so that nothing can be written.",
        mend="end the program that has the file open (`fuser -v hub.sqlite` names it); back it up with `hub backup` alone",
    ),
    Fault(
        name="store-old", code=MISCONFIGURED, means="The store's schema is another release's.",
        mend="`hub backup FILE`, then `hub upgrade`; to go back to the older release `hub upgrade --back-to REVISION`",
    ),
    Fault(
        name="disk-nearly-full", means="Less than a tenth of the disk of the hub's folder is free.",
        mend="make room, or move the folder; a full disk refuses writes, and nothing is half written",
    ),
    Fault(
        name="port-taken", means="Another program listens where the hub would.",
        mend="end it, or set another port; 0 takes any that is free",
    ),
    Fault(
        name="kafka-unset", code=MISCONFIGURED, means="No Kafka is named, and none runs on this machine.",
        mend="`hub kafka start`, or set `kafka.bootstrap`",
    ),
    Fault(
        name="kafka-unreachable", code=UNREACHABLE, means="Nobody listens at the address of Kafka.",
        mend="start the broker, or correct `kafka.bootstrap`; the hub waits, and goes on by itself",
    ),
    Fault(
        name="kafka-wrong-port", code=UNREACHABLE, means="Something listens there, but it does not answer as Kafka does.",
        mend="correct the port in `kafka.bootstrap`; where it is Kafka's, `kafka.security` must say what that listener asks for",
    ),
    Fault(
        name="topic-missing", code=MISCONFIGURED, means="A topic of this release is not there.",
        mend="`hub provision` makes it; where it was deleted, then `hub reconcile`",
    ),
    Fault(
        name="topic-recreated", means="A topic stands under its old name, but is another.",
        mend="`hub reconcile` sends again what the outbox still has, seven days; older events come from Kafka's own backup",
    ),
    Fault(
        name="clock-skew", means="The clocks of this hub, its store and Kafka differ by more than ten seconds.",
        mend="synchronise the clocks of all machines (`timedatectl set-ntp true`)",
    ),
    Fault(
        name="other-hub", code=MISCONFIGURED, means="Store, log and release do not belong together.",
        mend="check `store` and `kafka.bootstrap`: one of them is another hub's",
    ),
    Fault(
        name="registry-unreachable", code=UNREACHABLE, means="The external schema registry does not answer.",
        mend="start it, or correct `registry.url`; empty, the hub serves the schemas itself",
    ),
    Fault(
        name="schema-missing", means="The external registry lacks a schema that events are written by.",
        mend="register it there under the id that `hub schema show SUBJECT` prints: the id stands in every record",
    ),
    Fault(
        name="schema-incompatible", means="A schema takes away what somebody reads, or is not the one the registry has.",
        mend="`hub schema check` names partner and field; give the event a new version that keeps the field",
    ),
    Fault(
        name="connector-unreadable", code=MISCONFIGURED, means="The file of a connector cannot be understood.",
        mend="correct the line that is named",
    ),
    Fault(
        name="connector-failed", means="A connector stopped, for a cause that does not pass by itself.",
        mend="mend what the cause says, then `hub connector restart NAME`; it goes on where it stood",
    ),
    Fault(
        name="source-away", means="A source does not answer; its connector tries again by itself.",
        mend="tell who runs the source; nothing is lost that it still gives",
    ),
    Fault(
        name="partition-stopped", means="A part of a view stopped, for a reason that outlives the process.",
        mend="mend what the reason says (docs/operations.md), then `hub projection resume BUNDLE`",
    ),
    Fault(
        name="dead-letters", means="Records could not be taken in, and others wait behind them.",
        mend="`hub dlq explain WHERE`, then `hub dlq redrive`, or `hub dlq skip WHERE --reason …`",
    ),
    Fault(
        name="quarantined", means="A source said what could not become events.",
        mend="`hub quarantine list`; mend the connector's file, and its files are read again",
    ),
    Fault(
        name="outbox-not-draining", means="What has to be sent has waited for more than a minute.",
        mend="is a process with the role `relay` up, and does Kafka answer? `hub up --roles relay`",
    ),
    Fault(
        name="agreement-ending", means="An agreement under which somebody is told ends within thirty days, or has ended.",
        mend="renew it with the recipient, set `valid_to` in its file, then `hub agreements check`",
    ),
    Fault(
        name="certificate-ending", means="A certificate ends within thirty days, has ended, or cannot be read.",
        mend="put a new one in its place, and start the processes that use it again",
    ),
)  # fmt: skip
FAULTS = {fault.name: fault for fault in _EVERY}
"""Every fault by its name."""
