"""What is said for production: one image per service that holds its slice alone, and a compose file whose every name exists."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from deploy.docs import services
from deploy.docs.services import DUMMY, ROOT
from deploy.local import databases

SERVICES = databases.services()
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SCHEMA = json.loads((Path(__file__).parent / "vendor" / "compose-spec" / "compose-spec.json").read_text())


def copied(stage: str, service: str) -> list[str]:
    """Paths of the tree that a stage of the Dockerfile copies."""
    part = DOCKERFILE.split(f" AS {stage}\n", 1)[1].split("\nFROM ", 1)[0]
    lines = [line.split()[1:-1] for line in part.splitlines() if line.startswith("COPY ")]
    return [path.replace("$SERVICE", service) for line in lines for path in line]


@pytest.fixture(params=SERVICES)
def slice_of(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """What the image of one service holds."""
    for path in copied("service", request.param):
        source, target = ROOT / path, tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return request.param, tmp_path


def told(service: str) -> dict[str, str]:
    more = {
        "client_secret": "x",
        "session_secret": "x" * 40,
        "public_url": "http://127.0.0.1",
        **{f"{s}_url": "http://127.0.0.1" for s in SERVICES},
    }
    more |= {f"{owner}_url": "http://127.0.0.1" for owner in ("contacts", "meetings", "partners", "capacity", "reporting")}
    return {f"{service}_{name}".upper(): value for name, value in {**DUMMY, **more}.items()}


def test_a_slice_starts_alone(slice_of: tuple[str, Path]) -> None:
    service, folder = slice_of
    done = subprocess.run(
        [sys.executable, "-c", f"from services.{service}.app import build; print(build().title)"],
        cwd=folder, env=told(service), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert service in done.stdout


def test_a_slice_holds_no_other_service() -> None:
    assert {path for path in copied("service", "partners") if path.startswith("services/")} == {
        "services/__init__.py",
        "services/partners/",
    }
    assert "deploy/" not in copied("service", "partners")


def test_a_forbidden_import_does_not_start(tmp_path: Path) -> None:
    for path in copied("service", "partners"):
        if (ROOT / path).is_dir():
            shutil.copytree(ROOT / path, tmp_path / path, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, tmp_path / path)
    app = tmp_path / "services" / "partners" / "app.py"
    app.write_text("import services.contacts.domain\n" + app.read_text())
    done = subprocess.run([sys.executable, "-c", "import services.partners.app"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "No module named 'services.contacts'" in done.stderr


def test_the_dockerfile_copies_what_there_is() -> None:
    for service in SERVICES:
        for stage in ("base", "jobs", "service"):
            for path in copied(stage, service):
                assert (ROOT / path).exists(), path
    assert re.search(r"^ARG SERVICE$", DOCKERFILE, re.MULTILINE)


@pytest.mark.parametrize("stage", ["jobs", "service"])
def test_nobody_runs_as_root(stage: str) -> None:
    part = DOCKERFILE.split(f" AS {stage}\n", 1)[1].split("\nFROM ", 1)[0]
    assert "USER concord" in part.splitlines()


def test_compose_is_valid() -> None:
    Draft7Validator.check_schema({key: value for key, value in SCHEMA.items() if key != "$schema"})
    assert [f"{list(error.absolute_path)}: {error.message}" for error in Draft7Validator(SCHEMA).iter_errors(COMPOSE)] == []


def test_the_compose_schema_does_refuse() -> None:
    assert list(Draft7Validator(SCHEMA).iter_errors({"services": {"kafka": {"imagee": "apache/kafka"}}}))


def mounts(service: dict[str, Any]) -> list[str]:
    return [volume.split(":")[0] for volume in service.get("volumes", []) if volume.startswith("./")]


def test_every_path_that_compose_names_exists() -> None:
    for name, service in COMPOSE["services"].items():
        build = service.get("build", {})
        paths = [*mounts(service), *([build["dockerfile"]] if build else [])]
        assert all((ROOT / path).exists() for path in paths), name
        for file in service.get("env_file", []):
            assert (ROOT / f"{file}.example").exists(), f"{file} is secret; its example stands beside it"
        if build:
            assert f" AS {build['target']}\n" in DOCKERFILE
    for name, secret in COMPOSE["secrets"].items():
        assert secret["file"] == f"deploy/secrets/{name.removesuffix('_password')}"


def test_a_secret_that_a_service_reads_is_one_that_it_is_given() -> None:
    for name, service in COMPOSE["services"].items():
        read = {value.removeprefix("/run/secrets/") for value in service.get("environment", {}).values() if "/run/secrets/" in value}
        assert read <= set(service.get("secrets", [])), name
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"]), name
    assert COMPOSE["services"]["contacts"]["environment"]["CONTACTS_PACK_KEY"] == "/run/secrets/contacts_pack_key"


def test_every_service_is_there_with_its_health_and_its_job() -> None:
    assert [name for name in COMPOSE["services"] if name in SERVICES or name == "portal"]
    for service in SERVICES:
        told = COMPOSE["services"][service]
        assert told["build"]["args"] == {"SERVICE": service}
        assert importlib.util.find_spec(f"services.{service}.__main__")
        assert "/health/ready" in " ".join(told["healthcheck"]["test"])
        assert told["depends_on"][f"migrate-{service}"]["condition"] == "service_completed_successfully"
        assert COMPOSE["services"][f"migrate-{service}"]["command"] == ["migrate", service]
        assert service in COMPOSE["services"]["postgres"]["environment"]["CONCORD_SERVICES"].split()
        if service != "portal":
            assert "topics" in told["depends_on"]
    assert importlib.util.find_spec("deploy.jobs")
    assert COMPOSE["services"]["kafka"]["image"].startswith("apache/kafka:4.")
    assert COMPOSE["services"]["postgres"]["image"] == "postgres:18"


def test_what_a_service_is_told_are_its_settings() -> None:
    for service in SERVICES:
        settings = importlib.import_module(f"services.{service}.settings").Settings
        example = (ROOT / "deploy" / "env" / f"{service}.env.example").read_text()
        told = {*COMPOSE["services"][service]["environment"], *re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)}
        known = {f"{service}_{name}".upper() for name in settings.model_fields}
        needed = {f"{service}_{name}".upper() for name, field in settings.model_fields.items() if field.is_required()}
        assert told <= known, told - known
        assert needed <= told, needed - told


def test_a_container_has_longer_to_end_than_its_service_takes() -> None:
    from shared.web.app import STOP_S

    for service in SERVICES:
        main = (ROOT / "services" / service / "__main__.py").read_text()
        graceful = int(re.search(r"timeout_graceful_shutdown=(\d+)", main).group(1))  # type: ignore[union-attr]
        grace = int(COMPOSE["services"][service]["stop_grace_period"].removesuffix("s"))
        assert grace > graceful + STOP_S


def test_no_password_stands_in_the_tree() -> None:
    for file in (ROOT / "deploy" / "env").glob("*.example"):
        assert not re.findall(r"^\w*SECRET=\S+", file.read_text(), re.MULTILINE)
    assert "PASSWORD:" not in (ROOT / "docker-compose.yml").read_text()


def test_prometheus_watches_every_service_with_metrics_that_exist() -> None:
    from prometheus_client import generate_latest

    config = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())
    assert {job["job_name"] for job in config["scrape_configs"]} == set(SERVICES)
    assert all((ROOT / "deploy" / "prometheus" / file).exists() for file in config["rule_files"])
    rules = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text())["groups"][0]["rules"]
    board = json.loads((ROOT / "deploy" / "grafana" / "streams.json").read_text())
    there = "".join(generate_latest(service.app.state.metrics.registry).decode() for service in services.everyone())
    known = {*re.findall(r"^# TYPE (\w+)", there, re.MULTILINE), "up"}
    known |= {f"{name}_bucket" for name in known}
    functions = {"increase", "rate", "sum", "by", "histogram_quantile", "and", "on", "le", "service", "topic", "cause", "server", "mail"}
    asked = [rule["expr"] for rule in rules] + [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    for expression in asked:
        assert set(re.findall(r"\b[a-z_]{2,}\b", expression)) - functions <= known, expression
    for rule in rules:
        assert {"summary", "effect", "action"} <= set(rule["annotations"])
        assert (ROOT / rule["annotations"]["action"]).exists()
