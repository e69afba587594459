"""A vendor's answer becomes a link people press."""

from __future__ import annotations

import pytest

from channels.contract import Outcome, Result
from publisher.delivery.recording import columns_of
from tests.ward import Ward


@pytest.mark.django_db
@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "//la.example/", ""])
def test_only_a_web_address_of_an_answer_is_kept(ward: Ward, link: str) -> None:
    delivery = ward.one("page")
    assert columns_of(delivery, Outcome(Result.DELIVERED, "7", link))["permalink"] == ""
    good = Outcome(Result.DELIVERED, "7", "https://kenh.example/7")
    assert columns_of(delivery, good)["permalink"] == "https://kenh.example/7"
