"""The files for deployment are what their tools take and say what the hub needs. They are read and checked here, and not run."""

import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import orjson
import pytest
from ruamel.yaml import YAML

from hub.settings import ROLES
from tests.cli.conftest import Command, hub

__all__ = ["hub"]

DEPLOY = Path(__file__).parents[2] / "deploy"
RENDERED = DEPLOY / "helm/rendered.yaml"
KUBERNETES = "1.34.0"
WORST_EXPOSURE = 1.5


@cache
def yaml(path: Path) -> list[Any]:
    """The documents of a file, read once: nobody changes them."""
    return [each for each in YAML(typ="safe", pure=True).load_all(path.read_text("utf-8")) if each]


def of_kind(kind: str) -> dict[str, Any]:
    """The rendered resources of one kind, by role."""
    return {each["metadata"]["labels"]["app.kubernetes.io/component"]: each for each in yaml(RENDERED) if each["kind"] == kind}


def containers() -> Iterator[tuple[str, dict[str, Any]]]:
    for role, deployment in of_kind("Deployment").items():
        pod = deployment["spec"]["template"]["spec"]
        for each in (*pod["initContainers"], *pod["containers"]):
            yield f"{role}/{each['name']}", each


def ran(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, timeout=600)


def test_the_containerfile_is_as_its_linter_has_it(tmp_path: Path) -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    assert ran(hadolint, DEPLOY / "Containerfile").stdout == ""
    (tmp_path / "Containerfile").write_text("FROM python\nRUN cd /tmp && sudo make\n")
    assert "DL3006" in ran(hadolint, tmp_path / "Containerfile").stdout


def test_the_image_is_made_of_everything_that_the_package_is() -> None:
    copied = {line.split()[1] for line in (DEPLOY / "Containerfile").read_text().splitlines() if line.startswith("COPY ")}
    left_in = {line.removeprefix("!") for line in (DEPLOY.parent / ".containerignore").read_text().splitlines() if line.startswith("!")}
    assert {"hub", "projections", "connectors", "schemas", "policies", "recordings", "deploy"} <= copied & left_in


def test_compose_takes_its_file() -> None:
    (document,) = yaml(DEPLOY / "compose.yaml")
    check = jsonschema.Draft7Validator(orjson.loads(Path(__file__).with_name("compose-spec.json").read_bytes()))
    assert [error.message for error in check.iter_errors(document)] == []
    assert list(check.iter_errors({**document, "services": {"hub": {"imagee": "foss-hub"}}}))
    services = document["services"]
    assert {profile for each in services.values() for profile in each["profiles"]} == {"core", "observability", "ui"}
    assert all(":" in each["image"].rpartition("/")[2] for each in services.values()), "an image without its version"
    roles = [role for each in services.values() if "--roles" in each.get("command", []) for role in each["command"][2].split(",")]
    assert sorted(roles) == sorted(ROLES)


def test_prometheus_finds_each_role_where_compose_puts_it() -> None:
    (document,), (prometheus,) = yaml(DEPLOY / "compose.yaml"), yaml(DEPLOY / "prometheus/prometheus.yml")
    scraped = {target["labels"]["role"]: target["targets"][0] for target in prometheus["scrape_configs"][0]["static_configs"]}
    commands = [each["command"] for each in document["services"].values() if "--probes-port" in each.get("command", [])]
    assert scraped == {"web": "127.0.0.1:8000"} | {command[2]: f"127.0.0.1:{command[4]}" for command in commands}
    assert "web: {port: 8000" in document["configs"]["settings"]["content"]


def test_kubernetes_takes_every_resource_of_the_chart() -> None:
    for each in yaml(RENDERED):
        kubernetes_validate.validate(each, KUBERNETES, strict=True)
    wrong = deepcopy(of_kind("Deployment")["web"])
    wrong["spec"]["replica"] = 2
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, KUBERNETES, strict=True)


def test_each_role_has_its_deployment_and_speaks_to_nobody_it_need_not() -> None:
    deployments, policies = of_kind("Deployment"), of_kind("NetworkPolicy")
    assert set(deployments) == set(policies) == set(ROLES)
    for role, policy in policies.items():
        assert policy["spec"]["podSelector"] == deployments[role]["spec"]["selector"]
        assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
        ports = {rule["ports"][0]["port"] for rule in policy["spec"]["ingress"]}
        assert ports == {"probes", "https"} if role in {"web", "registry", "connect"} else {"probes"}


def test_no_container_runs_as_root_or_writes_where_it_stands() -> None:
    for name, container in containers():
        sealed = container["securityContext"]
        assert sealed["runAsNonRoot"], name
        assert sealed["readOnlyRootFilesystem"], name
        assert sealed["allowPrivilegeEscalation"] is False, name
        assert sealed["capabilities"]["drop"] == ["ALL"], name
        assert container["resources"]["limits"]["memory"], name
    for deployment in of_kind("Deployment").values():
        pod = deployment["spec"]["template"]["spec"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsUser"] != 0
        probed = next(each for each in pod["containers"] if each["name"] == "door")
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= probed.keys()


@pytest.mark.needs("helm")
def test_what_is_rendered_is_what_the_chart_renders() -> None:
    chart = DEPLOY / "helm/hub"
    assert ran("helm", "lint", "--strict", "--kube-version", KUBERNETES, chart).returncode == 0
    rendered = ran("helm", "template", "hub", chart, "--kube-version", KUBERNETES).stdout
    assert RENDERED.read_text("utf-8").partition("\n")[2] == rendered, "run: make check-deploy WRITE=1"


@pytest.mark.needs("systemd-analyze")
@pytest.mark.parametrize("unit", ["hub@.service", "hub-backup.service"])
def test_what_systemd_starts_is_exposed_as_little_as_is_said(unit: str) -> None:
    path = DEPLOY / "systemd" / unit
    found = ran("systemd-analyze", "security", "--offline=true", f"--threshold={WORST_EXPOSURE * 10:.0f}", "--no-pager", path)
    assert (found.returncode, "Overall exposure level" in found.stdout) == (0, True), found.stdout[-400:] + found.stderr


def test_strimzi_is_told_what_provisioning_would_make(hub: Command) -> None:
    hub.settings("kafka:\n  replication_factor: 3\n")
    made = hub("export", "strimzi", "--cluster", "council", "--json").value
    written = hub("export", "strimzi", "--cluster", "council")
    assert list(YAML(typ="safe", pure=True).load_all(written.said)) == made
    assert all(each["metadata"]["labels"] == {"strimzi.io/cluster": "council"} for each in made)
    cases = next(each for each in made if each["metadata"]["name"] == "cases")
    assert cases["spec"]["replicas"] == 3
    assert cases["spec"]["config"]["min.insync.replicas"] == "2"
    library = next(each for each in made if each["metadata"]["name"] == "partner.library")
    assert {acl["resource"]["name"] for acl in library["spec"]["authorization"]["acls"]} == {
        "tell-us-once-library",
        "partner.library.",
        "acknowledgements",
    }
