"""The invented ward: an account that became real stays real."""

from __future__ import annotations

import pytest

from publisher.delivery.models import Account
from publisher.samples.ward import make_ward


@pytest.mark.django_db
def test_a_start_follows_the_port_of_the_sandbox_and_leaves_a_real_account_alone() -> None:
    ward = make_ward("http://127.0.0.1:8101")
    facebook = Account.objects.get(organisation=ward, kind="facebook")
    zalo = Account.objects.get(organisation=ward, kind="zalo")
    real = {**facebook.settings, "page_id": "4242", "api_url": "https://graph.facebook.com"}
    Account.objects.filter(pk=facebook.pk).update(settings=real)
    make_ward("http://127.0.0.1:8202")
    facebook.refresh_from_db()
    zalo.refresh_from_db()
    assert facebook.settings == real
    assert zalo.settings["api_url"].startswith("http://127.0.0.1:8202")
