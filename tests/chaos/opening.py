"""The office of a storm: its campaign, its line to spend from, an account on every channel."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

LINE, ARTICLE = 50_000_000_000, 1_500_000  # đồng: what the office has, what the newspaper asks for one
BROADCAST, READERS, DAY = 300_000, 3, (6, 20)  # đồng; people; hours between which a storm may broadcast
UNPACED = {"quiet_from": None, "quiet_until": None, "pace_per_minute": 0, "at_once": 4}


def make_campaign(organisation: Any) -> Any:
    from campaigns.models import Campaign, Plan
    from publisher.budget.models import BudgetLine

    plan = Plan.objects.create(
        organisation=organisation, number="01/KH-UBND", title="Tuyên truyền", year=date.today().year,  # noqa: DTZ011
        source_name="ke-hoach.md", source_sha256="0" * 64, reading={"warnings": []},
    )  # fmt: skip
    line = BudgetLine.objects.create(
        organisation=organisation, plan=plan, order=1, label="1", name="Báo chí", amount=LINE
    )
    return Campaign.objects.create(
        organisation=organisation, plan=plan, code="bao", title="Trong cơn bão", budget_line=line,
        channels=["page", "feed"], ends_on=date.today() + timedelta(days=400),  # noqa: DTZ011
    )  # fmt: skip


def open_accounts(organisation: Any, sandbox: str, by: Any) -> None:
    """All may speak at any hour; Facebook keeps a pace and the newspaper costs money."""
    from publisher.delivery.models import Account

    accounts = Account.objects.filter(organisation=organisation)
    accounts.update(**UNPACED)
    accounts.filter(kind="facebook").update(pace_per_minute=600)
    accounts.filter(kind="contracted").update(rate=ARTICLE)
    open_more(organisation, sandbox, by)
    for account in accounts.filter(kind="loudspeaker"):
        account.settings = {**account.settings, "sessions": "", "minutes": "60"}
        account.save(update_fields=["settings"])


def open_more(organisation: Any, sandbox: str, by: Any) -> None:
    """A webhook, a newsletter with its readers, and by day broadcasts: Zalo takes none at night."""
    import requests

    from publisher.delivery.models import Account

    given = requests.get(f"{sandbox}/_accounts", timeout=10).json()
    add(organisation, by, "webhook", given["webhook"]["settings"], given["webhook"]["secrets"])
    mail = given["email"]["settings"]
    port = str(mail.get("port") or mail["smtp_port"])
    here = {"host": "127.0.0.1", "port": port, "security": "none", "sender": mail["sender"]}
    add(organisation, by, "email", here, {})
    subscribe(organisation)
    if DAY[0] <= timezone.now().astimezone(organisation.timezone).hour < DAY[1]:
        generous = {"broadcast_month": 10_000, "broadcast_day": 10_000}
        requests.post(f"{sandbox}/_switches", json=generous, timeout=10).raise_for_status()
        article = Account.objects.get(organisation=organisation, kind="zalo")
        add(organisation, by, "zalo_broadcast", {}, {}, through=article, rate=BROADCAST)


def add(
    organisation: Any, by: Any, kind: str, settings: dict[str, Any], secrets: dict[str, str], **columns: Any
) -> None:
    from publisher.delivery.accounts import new_account, set_secrets

    columns = {"settings": settings, **UNPACED, **columns}
    account = new_account(organisation, kind=kind, name=f"{kind} thử", by=by, **columns)
    if secrets:
        set_secrets(account, secrets, by=by)


def subscribe(organisation: Any) -> None:
    from publisher.mailing.models import Subscriber

    for number in range(READERS):
        address = f"nguoi-doc-{number}@vidu.example"
        Subscriber.objects.create(
            organisation=organisation, address=address, asked_at=timezone.now(), confirmed_at=timezone.now()
        )
