"""Fixtures of the console's tests. Nothing here imports a model before Django is ready (see tests/conftest.py)."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from publisher.people.models import Organisation, Person
    from tests.console.office import Office


PASSWORD = "mật khẩu đủ dài"


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    settings.DESK_ROOT = tmp_path / "desk"
    settings.SITE_ROOT = tmp_path / "site"


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    """`person("la", organisation, Role.OFFICER)`: somebody with those roles there; without them, with none."""
    from publisher.people.models import Member, Person

    def make(username: str, organisation: Organisation | None = None, *roles: str) -> Person:
        made = Person.objects.create(username=username, full_name=f"Người {username}")
        for role in roles:
            Member.objects.create(person=made, organisation=organisation, role=role)
        return made

    return make


@pytest.fixture
def office(person: Callable[..., Person]) -> Office:
    from publisher.people.models import Organisation
    from publisher.people.rights import Role
    from tests.console.office import open_office

    ours = Organisation.objects.create(
        name="Ủy ban nhân dân phường Sông Vàng", short_name="Phường Sông Vàng", slug="phuong-song-vang"
    )
    next_door = Organisation.objects.create(name="UBND phường Bến Đò", short_name="Phường Bến Đò", slug="ben-do")
    people = {role: person(role.value, ours, role) for role in Role}
    return open_office(ours, people, person("la", next_door, *Role))


@pytest.fixture
def everything(office: Office) -> dict[str, dict[str, object]]:
    from tests.console.office import rows_of

    return rows_of(office)


@pytest.fixture
def photo() -> bytes:
    """A JPEG like one from a telephone, small."""
    out = io.BytesIO()
    Image.effect_noise((640, 480), 40).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def said(page: Page) -> list[str]:
    """What the browser complained of: broken rules of the policy, failed requests, errors of scripts."""
    words: list[str] = []
    page.on("console", lambda message: words.append(message.text) if message.type in {"error", "warning"} else None)
    return words


@pytest.fixture
def at_work(page: Page, office: Office, live_server: LiveServer, said: list[str]) -> Page:
    """An officer who signed in by keyboard alone."""
    from publisher.people.rights import Role

    person = office.people[Role.OFFICER]
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    page.goto(f"{live_server.url}/dang-nhap")
    page.get_by_label("Tên đăng nhập").focus()
    page.keyboard.type(person.username)
    page.keyboard.press("Tab")
    page.keyboard.insert_text(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/hom-nay")
    return page
