from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.airing.station import Station


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    settings.DESK_ROOT = tmp_path / "desk"
    settings.SITE_ROOT = tmp_path / "site"


@pytest.fixture
def station(db: None) -> Station:
    from tests.airing.station import new_station

    return new_station()
