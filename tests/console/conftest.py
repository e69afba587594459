"""Fixtures of the console's tests. Nothing here imports a model before Django is ready (see tests/conftest.py)."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django import DjangoDbBlocker
    from pytest_django.live_server_helper import LiveServer

    from publisher.people.models import Organisation, Person
    from tests.console.office import Office


PASSWORD = "mật khẩu đủ dài"


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    settings.DESK_ROOT = tmp_path / "desk"
    settings.SITE_ROOT = tmp_path / "site"


def make_person(username: str, organisation: Organisation | None = None, *roles: str) -> Person:
    from publisher.people.models import Member, Person

    made = Person.objects.create(username=username, full_name=f"Người {username}")
    for role in roles:
        Member.objects.create(person=made, organisation=organisation, role=role)
    return made


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    """`person("la", organisation, Role.OFFICER)`: somebody with those roles there; without them, with none."""
    return make_person


def new_office() -> Office:
    from publisher.people.models import Organisation
    from publisher.people.rights import Role
    from tests.console.office import open_office

    ours = Organisation.objects.create(
        name="Ủy ban nhân dân phường Sông Vàng", short_name="Phường Sông Vàng", slug="phuong-song-vang"
    )
    next_door = Organisation.objects.create(name="UBND phường Bến Đò", short_name="Phường Bến Đò", slug="ben-do")
    people = {role: make_person(role.value, ours, role) for role in Role}
    return open_office(ours, people, make_person("la", next_door, *Role))


def commits(item: pytest.Item) -> bool:
    """Whether the test writes its rows for good, as a browser or another thread must see them."""
    marker = item.get_closest_marker("django_db")
    fixtures = {"live_server", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures or (marker and marker.kwargs.get("transaction")))


@pytest.fixture(scope="module")
def standing_office(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Office | None]:
    """The office of a module, opened once beneath the transactions of its tests; None where one of them commits."""
    from django.db import transaction

    if any(commits(item) for item in request.session.items if item.path == request.path):
        yield None
        return
    rows = transaction.atomic()
    with django_db_blocker.unblock():
        rows.__enter__()
        try:
            opened = new_office()
        except BaseException as error:
            rows.__exit__(type(error), error, error.__traceback__)
            raise
    yield opened
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        rows.__exit__(None, None, None)


@pytest.fixture
def office(standing_office: Office | None, db: None) -> Office:
    return copy.deepcopy(standing_office) if standing_office else new_office()


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
    """An officer who has signed in; that it goes by keyboard alone, `test_engine_in_browser` shows."""
    from django.conf import settings

    from publisher.people.rights import Role

    session = office.client(Role.OFFICER).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/hom-nay")
    return page
