"""A planted secret, a send that fails in every way, and then every place from which words leave the system."""

from __future__ import annotations

import io
import json
import logging
import zipfile

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client

from channels.registry import CHANNELS
from publisher.delivery.accounts import as_channel_sees, lift
from publisher.delivery.checkup import check_account, connect
from publisher.delivery.models import Account, Delivery
from publisher.delivery.secrets import COLUMN
from publisher.people.models import Member
from publisher.people.rights import Role
from publisher.reports.exports import deliveries_table, to_csv, to_json, to_xlsx
from tests.ward import turn

pytestmark = pytest.mark.django_db
FAULTS = {
    "facebook": ("code_190_463", "html_502", "reset_before_commit", "truncated_json", "code_200"),
    "zalo": ("code_-216", "html_502", "reset_before_commit"),
}


@pytest.fixture
def failed(ward, sandbox, caplog) -> str:
    """Sends on Facebook and Zalo that fail in every way the sandbox knows; gives what was logged meanwhile."""
    caplog.set_level(logging.DEBUG)
    sandbox.turn("fetch_pictures", 0)
    for kind, faults in FAULTS.items():
        connect(ward.account(kind), by=ward.admin, **sandbox.accounts[kind])
        for fault in faults:
            sandbox.fault(kind, "*", fault, times=2)
            ward.one(kind)
            turn()
            check_account(ward.account(kind), ward.admin)
            lift(ward.account(kind), by=ward.admin)
    return caplog.text


def planted(sandbox) -> set[str]:
    return {secret for kind in FAULTS for secret in sandbox.accounts[kind]["secrets"].values()}


def pages_of(ward) -> str:
    """Everything an administrator can open about accounts and deliveries."""
    Member.objects.get_or_create(person=ward.admin, organisation=ward.organisation, role=Role.ADMIN)
    client = Client()
    client.force_login(ward.admin, backend="django.contrib.auth.backends.ModelBackend")
    places = ["/hom-nay", "/kenh", "/kenh/tam-dung", "/luot-dang?khi=tat-ca", "/luot-dang/chua-ro", "/khoi-phuc"]
    places += [f"/kenh/{pk}{end}" for pk in Account.objects.values_list("pk", flat=True) for end in ("", "/ket-noi")]
    places += [f"/luot-dang/{pk}" for pk in Delivery.objects.values_list("pk", flat=True)]
    places += [f"/luot-dang/xuat.{form}?khi=tat-ca" for form in ("csv", "json")]
    answers = [client.get(place) for place in places]
    assert [answer.status_code for answer in answers] == [200] * len(places)
    return "".join(answer.content.decode() for answer in answers)


def exports_of(capsys) -> str:
    table = deliveries_table(Delivery.objects.all())
    with zipfile.ZipFile(io.BytesIO(to_xlsx(table))) as book:
        sheets = "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    slug = Delivery.objects.first().organisation.slug
    call_command("campaign", "export", "--org", slug)
    return sheets + to_csv(table).decode() + to_json(table).decode() + capsys.readouterr().out


def rows() -> str:
    """Every row of every table of ours; what is locked stays locked."""
    ours = [model for model in apps.get_models() if model.__module__.startswith(("publisher", "campaigns", "assets"))]
    return json.dumps([list(model._default_manager.values()) for model in ours], default=str, ensure_ascii=False)


def test_a_secret_leaves_by_no_log_page_export_row_or_repr(ward, sandbox, failed, capsys) -> None:
    assert Delivery.objects.exclude(last_error="").exists(), "something went wrong, or nothing is proved"
    accounts = Account.objects.filter(kind__in=FAULTS).select_related("organisation")
    reprs = "".join(f"{account!r}{as_channel_sees(account)!r}{CHANNELS[account.kind]!r}" for account in accounts)
    told = {
        "log": failed,
        "rows": rows(),
        "pages": pages_of(ward),
        "exports": exports_of(capsys),
        "repr": reprs,
    }
    for place, words in told.items():
        assert [secret for secret in planted(sandbox) if secret in words] == [], place
    locked = set(accounts.values_list(COLUMN, flat=True)) - {""}
    assert len(locked) == 2
    for place in ("log", "pages", "exports", "repr"):
        assert not any(text in told[place] for text in locked), f"{place}: even locked it stays inside"
