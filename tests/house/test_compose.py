"""docker-compose.yml, the Dockerfile and the web server's configuration, checked without an engine."""

from __future__ import annotations

import re
import stat
import subprocess
from functools import cache
from typing import Any

import pytest
from compose_spec import PyOptions
from compose_spec.models import ComposeSpecification
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management import get_commands
from ruamel.yaml import YAML

from publisher.config import Settings
from tests.processes import ROOT

ROLES = ("migrate", "web", "clock", "worker")
OWN_IMAGE_USER = "10001:10001"


@cache
def compose() -> dict[str, Any]:
    """The file with its anchors merged, extension keys left out."""
    whole = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text())
    return {key: value for key, value in whole.items() if not key.startswith("x-")}


def with_defaults() -> str:
    """The file as an engine reads it where nobody sets a variable."""
    return re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", (ROOT / "docker-compose.yml").read_text())


def services() -> list[tuple[str, dict[str, Any]]]:
    return list(compose()["services"].items())


def lost(given: Any, kept: Any, place: str = "") -> list[str]:
    """Keys of `given` that `kept` does not have: names the schema does not know."""
    if isinstance(given, dict) and isinstance(kept, dict):
        return [
            found
            for key, value in given.items()
            for found in ([f"{place}.{key}"] if str(key) not in kept else lost(value, kept[str(key)], f"{place}.{key}"))
        ]
    if isinstance(given, list) and isinstance(kept, list):
        return [found for one, other in zip(given, kept, strict=False) for found in lost(one, other, place)]
    return []


def unknown_keys(spec: dict[str, Any]) -> list[str]:
    """Validates against the Compose schema; its models pass over unknown keys, so these are looked for."""
    model = ComposeSpecification.model_validate(spec)
    return lost(spec, model.model_dump(mode="json", by_alias=True, exclude_unset=True))


def test_the_compose_file_follows_the_schema():
    assert unknown_keys(compose()) == []


def test_the_compose_file_names_only_networks_volumes_and_secrets_that_it_defines():
    PyOptions(apply_merge=True).from_yaml(with_defaults()).validate()


def test_a_secret_that_is_not_defined_is_found():
    spoiled = with_defaults().replace("  event_key: {file:", "  events_key: {file:")
    with pytest.raises(ValueError, match="event_key"):
        PyOptions(apply_merge=True).from_yaml(spoiled).validate()


@pytest.mark.parametrize("key", ["helthcheck", "read_onl", "secret"])
def test_a_misspelt_key_is_found(key):
    spoiled = {"services": {"web": {"image": "tincoso", key: {}}}}
    assert unknown_keys(spoiled) == [f".services.web.{key}"]


def test_all_roles_of_ours_run_one_image_and_one_environment():
    roles = [compose()["services"][role] for role in ROLES]
    assert {role["image"] for role in roles} == {roles[0]["image"]}
    assert all(role["environment"] == roles[0]["environment"] for role in roles)
    assert {tuple(role["command"])[:2] for role in roles} == {("publisher", role) for role in ROLES}


def test_there_are_several_workers():
    assert compose()["services"]["worker"]["deploy"]["replicas"] >= 2


@pytest.mark.parametrize(("name", "service"), services())
def test_no_service_runs_as_root_or_can_become_it(name, service):
    user, _, group = service["user"].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize(("name", "service"), services())
def test_every_root_file_system_is_read_only(name, service):
    assert service["read_only"] is True


@pytest.mark.parametrize(("name", "service"), services())
def test_every_service_tells_its_health_unless_it_ends_by_itself(name, service):
    if name == "migrate":
        assert service["healthcheck"] == {"disable": True}
        assert service["restart"] == "no"
    else:
        assert service["healthcheck"]["test"][0] == "CMD"


def test_nobody_starts_before_the_tables_are_there():
    for role in ("web", "clock", "worker"):
        waits = compose()["services"][role]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}
        assert waits["database"] == waits["redis"] == {"condition": "service_healthy"}


@pytest.mark.parametrize(("name", "service"), services())
def test_secrets_come_as_files_never_as_values(name, service):
    for variable, value in service.get("environment", {}).items():
        if re.search(r"SECRET|PASSWORD|KEY", variable) and variable != "PUBLISHER_MAKE_SECRETS":
            assert variable.endswith("_FILE")
            assert value.removeprefix("/run/secrets/") in service["secrets"]
        assert not re.search(r"://[^/@]*:[^/@]*@", str(value)), f"{variable} carries a password"


def test_only_the_site_is_published_and_only_on_loopback_unless_asked():
    published = {name: service["ports"] for name, service in services() if "ports" in service}
    assert published == {"site": ["${PUBLISH:-127.0.0.1:8000}:8080"]}


def test_database_and_broker_are_on_a_network_without_a_way_out():
    assert compose()["networks"]["inside"]["internal"] is True
    for name in ("database", "redis"):
        assert compose()["services"][name]["networks"] == ["inside"]


def test_everything_written_lies_in_a_named_volume_or_in_memory():
    named = set(compose()["volumes"])
    for name, service in services():
        for volume in service.get("volumes", []):
            source, _, rest = volume.partition(":")
            assert source in named or rest.endswith(":ro"), f"{name} writes to {source}"


def test_every_variable_the_compose_file_and_the_image_set_is_a_setting():
    known = {f"PUBLISHER_{name.upper()}" for name in Settings.model_fields} | {"PORT"}
    used = set(re.findall(r"PUBLISHER_[A-Z_]+", (ROOT / "docker-compose.yml").read_text()))
    used |= set(re.findall(r"PUBLISHER_[A-Z_]+", (ROOT / "Dockerfile").read_text()))
    assert used <= known


def test_every_command_the_containers_run_exists():
    text = (ROOT / "docker-compose.yml").read_text() + (ROOT / "Dockerfile").read_text()
    used = set(re.findall(r'\["(?:CMD", ")?publisher", "([a-z]+)"', text))
    assert used >= {"web", "clock", "worker", "migrate", "health"}
    assert used <= set(get_commands())


def test_the_image_runs_as_the_user_the_compose_file_names():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert f"USER {OWN_IMAGE_USER}" in dockerfile
    assert {compose()["services"][role]["user"] for role in ROLES} == {OWN_IMAGE_USER}
    assert "--require-hashes -r requirements.lock" in dockerfile
    assert "HEALTHCHECK" in dockerfile


def test_the_image_holds_all_four_packages_and_nothing_of_the_workplace():
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {"assets", "campaigns", "channels", "publisher", "requirements.lock", "pyproject.toml"} <= allowed
    assert not {"tests", "var", ".git", "deploy", ".env"} & allowed


def test_the_web_server_serves_the_site_where_the_publisher_says_it_stands():
    """`/trang/<organisation>/` is the address in every link; the volume of the site is mounted under that name."""
    configuration = "".join((ROOT / "deploy" / name).read_text() for name in ("nginx.conf", "site.conf"))
    volumes = compose()["services"]["site"]["volumes"]
    (mount,) = [volume for volume in volumes if volume.startswith("site:")]
    for place in ("nginx.conf", "site.conf", "domains"):
        assert f"./deploy/{place}:/etc/publisher/{place}:ro" in volumes
    assert mount == "site:/srv/site/trang:ro"
    assert "root /srv/site;" in configuration
    assert configuration.count("{") == configuration.count("}")
    for record in (r"bai\.json", "/feed/"):
        assert record in configuration, "records are no part of the site"
    assert f"client_max_body_size {settings.REQUEST_LIMIT >> 20}m;" in configuration
    for header in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"):
        assert f"add_header {header} " in configuration


def test_making_the_secrets_twice_keeps_the_first(tmp_path):
    folder = tmp_path / "secrets"
    command = [str(ROOT / "deploy" / "make-secrets"), str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    first = {path.name: path.read_text() for path in folder.iterdir()}
    subprocess.run(command, check=True, capture_output=True)
    assert {path.name: path.read_text() for path in folder.iterdir()} == first
    assert set(first) == set(compose()["secrets"])
    assert len(set(first.values())) == len(first)
    Fernet(first["account_keys"].strip())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
