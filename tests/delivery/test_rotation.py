"""Changing the keys without losing an account, and keys that open nothing stop a role with a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from publisher.config import config
from publisher.delivery.models import Account
from publisher.delivery.secrets import BadKeys, cipher, keys, lock, locking_models, prove_keys, unlock

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
OLD, NEW, FOREIGN = (Fernet.generate_key().decode() for _ in range(3))
Give = Callable[..., None]


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> Iterator[Give]:
    """`give(NEW, OLD)`: these are the keys from now on, newest first."""

    def use(*given: str) -> None:
        monkeypatch.setattr(config, "account_keys", ",".join(given))
        forget()

    def forget() -> None:
        keys.cache_clear()
        cipher.cache_clear()

    yield use
    monkeypatch.undo()
    forget()


@pytest.fixture
def connected(ward, give: Give) -> list[Account]:
    """Three accounts with a secret, locked with the old key, and one without."""
    give(OLD)
    ward.account("page")
    kinds = ("facebook", "zalo", "contracted")
    return [ward.account(kind, secret=lock({"access_token": f"mã của {kind}"})) for kind in kinds]


def said(capsys, *command: str) -> str:
    call_command("secrets", *command)
    return capsys.readouterr().out


def test_every_secret_is_locked_anew_and_the_old_key_can_go(connected, give, capsys) -> None:
    give(NEW, OLD)
    assert "3 bí mật: 0 theo khóa mới nhất, 3 theo khóa cũ" in said(capsys, "check")
    assert "3 bí mật: 3 đã mã hóa lại, 0 đã theo khóa mới nhất" in said(capsys, "rotate")
    give(NEW)
    assert [unlock(Account.objects.get(pk=a.pk).secret)["access_token"] for a in connected] == [
        f"mã của {account.kind}" for account in connected
    ]
    assert "3 bí mật: 3 theo khóa mới nhất" in said(capsys, "check")


def test_rotating_again_changes_nothing(connected, give, capsys) -> None:
    give(NEW, OLD)
    call_command("secrets", "rotate")
    before = list(Account.objects.order_by("pk").values_list("secret", flat=True))
    assert "0 đã mã hóa lại, 3 đã theo khóa mới nhất" in said(capsys, "rotate")
    assert list(Account.objects.order_by("pk").values_list("secret", flat=True)) == before


def test_what_no_key_opens_is_named_and_left_as_it_is_while_the_rest_goes_on(connected, give, capsys) -> None:
    lost = connected[1]
    foreign = Fernet(FOREIGN).encrypt(b'{"access_token": "x"}').decode()
    Account.objects.filter(pk=lost.pk).update(secret=foreign)
    give(NEW, OLD)
    for verb in ("check", "rotate"):
        with pytest.raises(CommandError, match="1 bí mật không mở được"):
            call_command("secrets", verb)
        out = capsys.readouterr().out
        assert f"delivery.Account {lost.pk} “{lost.name}”" in out
        assert foreign not in out
    give(NEW)
    assert unlock(Account.objects.get(pk=connected[0].pk).secret)
    assert Account.objects.get(pk=lost.pk).secret == foreign


def test_keys_that_open_nothing_stop_a_role_with_a_sentence(connected, give) -> None:
    prove_keys()
    give(FOREIGN)
    with pytest.raises(BadKeys, match="không phải khóa của cơ sở dữ liệu này"):
        prove_keys()
    give(FOREIGN, OLD)
    prove_keys()


def test_one_row_that_is_not_opened_stops_nobody(connected, give) -> None:
    Account.objects.filter(pk=connected[0].pk).update(secret=Fernet(FOREIGN).encrypt(b"{}").decode())
    prove_keys()


def test_an_installation_without_secrets_has_nothing_to_prove(ward, give) -> None:
    give(FOREIGN)
    prove_keys()


def test_keys_that_are_none_are_named(give) -> None:
    give("không phải khóa")
    with pytest.raises(BadKeys, match="44 ký tự"):
        prove_keys()
    with pytest.raises(CommandError, match="44 ký tự"):
        call_command("secrets", "check")


def test_a_new_key_is_printed_and_kept_nowhere(capsys) -> None:
    first, second = said(capsys, "key").strip(), said(capsys, "key").strip()
    assert first != second
    assert Fernet(first)


def test_every_column_that_may_hold_a_secret_is_rotated() -> None:
    """A column of another name would be left behind: `secrets.COLUMN` is the convention."""
    from django.apps import apps

    named = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if model.__module__.startswith(("publisher", "campaigns", "assets"))
        and any(word in field.name for word in ("secret", "locked", "password"))
        and field.get_internal_type() == "TextField"
    }
    assert named == {f"{model._meta.label}.secret" for model in locking_models()}
    assert "delivery.Account.secret" in named
