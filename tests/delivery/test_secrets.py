"""Secrets of accounts: encrypted at rest, never shown, and honest when the key is not the right one."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from publisher.config import config
from publisher.delivery.accounts import as_channel_sees, lift, problems, set_secrets
from publisher.delivery.models import Account, Delivery
from publisher.delivery.secrets import UnreadableSecret, lock, unlock
from publisher.delivery.states import State
from publisher.events.models import Event
from tests.processes import ROOT
from tests.ward import fresh, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
TOKEN = "mã-truy-cập-tuyệt-mật-0123456789"


def test_a_secret_is_unreadable_at_rest_and_readable_to_the_channel(ward):
    account = ward.account("facebook")
    set_secrets(account, {"access_token": TOKEN}, by=ward.admin)
    stored = Account.objects.get(pk=account.pk)
    assert TOKEN not in stored.secret
    assert as_channel_sees(stored).secrets == {"access_token": TOKEN}


def test_the_log_says_which_secret_was_changed_and_never_its_value(ward):
    account = ward.account("facebook")
    set_secrets(account, {"access_token": TOKEN}, by=ward.admin)
    set_secrets(account, {"app_secret": "khác"}, by=ward.admin)
    assert unlock(Account.objects.get(pk=account.pk).secret) == {"access_token": TOKEN, "app_secret": "khác"}
    events = Event.objects.filter(kind="account.secrets_changed").order_by("id")
    assert [event.data["names"] for event in events] == [["access_token"], ["app_secret"]]
    assert all(TOKEN not in str(event.data) for event in events)


def test_a_secret_shows_in_no_repr(ward):
    account = ward.account("facebook")
    set_secrets(account, {"access_token": TOKEN}, by=ward.admin)
    seen = as_channel_sees(account)
    assert TOKEN not in f"{seen!r} {seen} {account!r} {problems(account)}"


def test_a_whole_try_leaves_the_token_nowhere(ward, sandbox, caplog):
    caplog.set_level(logging.DEBUG)
    ward.connect(sandbox)
    sandbox.fault("facebook", "photos", "code_190_463")
    ward.delivered("facebook")
    lift(ward.accounts["facebook"], by=ward.admin)
    turn()
    token = sandbox.accounts["facebook"]["secrets"]["access_token"]
    rows = [*Event.objects.values(), *Delivery.objects.values(), *Account.objects.values()]
    rows += [row for delivery in Delivery.objects.all() for row in delivery.attempts.values()]
    rows += [row for delivery in Delivery.objects.all() for row in delivery.evidence.values()]
    assert token not in str(rows)
    assert token not in caplog.text


def test_a_secret_of_the_older_key_still_opens_and_is_written_with_the_newer():
    newest, older = (Fernet(key) for key in config.secret("account_keys").split(","))
    assert unlock(older.encrypt(b'{"access_token": "x"}').decode()) == {"access_token": "x"}
    assert newest.decrypt(lock({"access_token": "y"}).encode())


def stranger() -> str:
    return Fernet(Fernet.generate_key()).encrypt(b'{"access_token": "x"}').decode()


def test_a_secret_of_a_foreign_key_says_what_to_do():
    with pytest.raises(UnreadableSecret, match="Khôi phục khóa cũ"):
        unlock(stranger())


def test_a_wrong_key_holds_the_account_and_sends_nothing_until_it_is_mended(ward, sandbox):
    ward.connect(sandbox)
    good = ward.account("facebook").secret
    delivery = ward.one("facebook")
    ward.account("facebook", secret=stranger())
    turn()
    assert fresh(delivery).state == State.SCHEDULED
    assert "khóa mã hóa đã thay đổi" in fresh(delivery).account.held_reason
    assert sandbox.record() == []
    lift(ward.account("facebook", secret=good), by=ward.admin)
    turn()
    assert fresh(delivery).state == State.DELIVERED


def test_connection_details_can_be_entered_anew_when_the_old_ones_cannot_be_read(ward):
    account = ward.account("facebook", secret=stranger())
    set_secrets(account, {"access_token": TOKEN}, by=ward.admin)
    assert unlock(Account.objects.get(pk=account.pk).secret) == {"access_token": TOKEN}


@pytest.mark.processes
@pytest.mark.parametrize("keys", ["abc", "dGVzdA==", "không phải khóa", ","])
def test_keys_that_are_none_are_named(keys):
    script = "from publisher.delivery.secrets import lock; lock({'a': 'b'})"
    env = {**os.environ, "PUBLISHER_ACCOUNT_KEYS": keys, "PYTHONPATH": str(ROOT)}
    answer = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=False)
    assert answer.returncode != 0
    assert "PUBLISHER_ACCOUNT_KEYS" in answer.stderr
    assert "44 ký tự" in answer.stderr
