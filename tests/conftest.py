"""What every test stands on: a var folder of its own, a database of the chosen kind, servers, a browser, commands.

`PUBLISHER_TEST_DATABASE=postgresql` runs the same tests on a private PostgreSQL; without it they run on SQLite.
The environment is laid before Django reads its settings, so pyproject.toml names no settings module.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.processes import Command
from tests.services import PostgreSQL, chromium_path, free_port, postgresql, redis_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django import DjangoDbBlocker

    from channels.sandbox import Sandbox
    from tests.ward import Ward

# The cores are shared: no clock decides a test.
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")

# Keys of the tests alone: two Fernet keys, so that changing keys is always exercised.
KEYS = {
    "PUBLISHER_SECRET_KEY": "secret key of the tests, never of an installation",
    "PUBLISHER_ACCOUNT_KEYS": ",".join(
        ("dGVzdHMtb25seS1hY2NvdW50LWtleS1uZXdlc3QtMDE=", "dGVzdHMtb25seS1hY2NvdW50LWtleS1vbGRlci0wMDI=")
    ),
    "PUBLISHER_EVENT_KEY": "ZXZlbnQga2V5IG9mIHRoZSB0ZXN0cw==",
}
CHROMIUM_ARGS = (
    "--no-sandbox",  # Chromium's sandbox refuses root; it opens only our own pages here
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1280, "height": 800}

_session = ExitStack()
_server: PostgreSQL | None = None


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        return  # this process only hands out tests: whoever runs them lays ground of their own
    for name in [name for name in os.environ if name.startswith("PUBLISHER_") and name != "PUBLISHER_TEST_DATABASE"]:
        del os.environ[name]  # an installation's own settings must not reach the tests
    os.environ.update(KEYS)
    os.environ["PUBLISHER_OUTBOUND_HOSTS"] = "127.0.0.1"  # where the sandbox and all servers of the tests are
    var = tempfile.mkdtemp(prefix="tincoso-tests-")
    _session.callback(shutil.rmtree, var, ignore_errors=True)
    os.environ["PUBLISHER_VAR_DIR"] = var
    kind = os.environ.get("PUBLISHER_TEST_DATABASE", "sqlite")
    if kind not in {"sqlite", "postgresql"}:
        raise pytest.UsageError(f"PUBLISHER_TEST_DATABASE is {kind!r}: give sqlite or postgresql")
    if kind == "postgresql":
        os.environ["PUBLISHER_DATABASE_URL"] = _postgresql_server().create_database()
    _load_settings()


def pytest_unconfigure() -> None:
    _session.close()


def pytest_report_header() -> str:
    return f"database: {os.environ.get('PUBLISHER_TEST_DATABASE', 'sqlite')}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of long stories first, so that no core idles at the end beside one of them (`--no-loadscope-reorder`)."""
    long = {item.path for item in items if any(map(item.get_closest_marker, ("processes", "browser")))}
    items.sort(key=lambda item: item.path not in long)


def _load_settings() -> None:
    from django.conf import settings

    os.environ["DJANGO_SETTINGS_MODULE"] = "publisher.settings"
    # pytest-django sets Django up once the settings are loaded. SQLite in a file, as installations have it: in memory
    # two threads would neither wait for each other nor see what the other has not committed.
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite"):
        database["TEST"] = {
            "NAME": str(Path(os.environ["PUBLISHER_VAR_DIR"]) / "tests.sqlite3"),
            **{
                "MIRROR": None,
                "CHARSET": None,
                "COLLATION": None,
                "MIGRATE": True,
            },  # what running on two cores asks for
        }


def _postgresql_server() -> PostgreSQL:
    """One server a run, started by whoever asks first."""
    global _server
    if _server is None:
        _server = _session.enter_context(postgresql())
    return _server


@pytest.fixture(scope="session")
def postgresql_url() -> str:
    """An empty PostgreSQL database, the same one all run long."""
    return _postgresql_server().create_database()


@pytest.fixture
def new_postgresql_url() -> str:
    """An empty PostgreSQL database for this test alone."""
    return _postgresql_server().create_database()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """An empty Redis that keeps nothing."""
    with redis_server() as server:
        yield server.url


@pytest.fixture
def free_ports() -> Callable[[int], list[int]]:
    """`free_ports(3)`: that many different loopback ports, free now."""

    def ports(number: int) -> list[int]:
        found: set[int] = set()
        while len(found) < number:
            found.add(free_port())
        return sorted(found)

    return ports


@pytest.fixture
def publisher(tmp_path: Path) -> Iterator[Callable[..., Command]]:
    """`publisher("run", env={"PORT": "0"})` starts the command; it keeps its data in this test's `tmp_path/var`.

    Whatever still runs at the end of the test is stopped (SIGTERM, then SIGKILL), children included. Database and
    broker of the run's own choice are not handed on: give `PUBLISHER_DATABASE_URL` where the test wants PostgreSQL.
    """
    with ExitStack() as running:

        def start(*args: str, env: dict[str, str] | None = None) -> Command:
            given = {"PUBLISHER_VAR_DIR": str(tmp_path / "var"), "PUBLISHER_DATABASE_URL": "", **(env or {})}
            command = Command(*args, env=given)
            running.callback(command.stop)
            return command

        yield start


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """pytest-django's; on SQLite a copy of the tables is kept before the first row comes, see `tables`."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(_empty_tables())])


def _empty_tables() -> Path:
    return Path(os.environ["PUBLISHER_VAR_DIR"]) / "tables.sqlite3"


@pytest.fixture
def tables(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The database of an installation that was migrated and holds no row yet, where `publisher` looks for it.

    Making the tables takes longer than most commands: only tests of starting from nothing do it themselves.
    """
    if os.environ.get("PUBLISHER_TEST_DATABASE", "sqlite") != "sqlite":
        raise pytest.UsageError("tables: a test of processes on SQLite is no test of both engines")
    request.getfixturevalue("django_db_setup")
    database = tmp_path / "var" / "publisher.sqlite3"
    database.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(_empty_tables(), database)
    database.chmod(0o600)
    return database


@pytest.fixture
def ward(request: pytest.FixtureRequest) -> Ward:
    """A new invented ward with people, a campaign and a budget line; see `tests.ward`."""
    request.getfixturevalue("db")
    from tests.ward import make_ward  # models load once Django is set up, which is after this file

    return make_ward()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """Facebook and Zalo as this test's own server."""
    from channels.sandbox import Sandbox

    with Sandbox(tmp_path / "sandbox") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium of the system, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop on this thread, which Django takes for asynchronous code and then refuses queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_ARGS))
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new, signed-out window, 1280 × 800, that fails the test when the page's own scripts fail."""
    context = browser.new_context(
        locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 1280, "height": 800}
    )
    window = context.new_page()
    errors: list[str] = []
    window.on("pageerror", lambda error: errors.append(str(error)))
    yield window
    context.close()
    assert not errors, errors
