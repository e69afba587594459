"""The invented ward an installation starts with: people, accounts on the sandbox, the sample plan and posts."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from ruamel.yaml import YAML

from assets.consent import NOBODY, OUR_OWN
from campaigns.models import Campaign, Plan, Post
from channels.remote import is_loopback
from channels.sandbox import credentials
from publisher.approval.drafting import attach_picture, edit_post, set_schedule
from publisher.budget.models import BudgetLine
from publisher.config import config
from publisher.delivery.accounts import new_account, set_secrets
from publisher.delivery.models import Account
from publisher.delivery.sites import open_site
from publisher.events.log import record
from publisher.intake.plans import Imported, import_plan
from publisher.people.models import Member, Organisation, Person
from publisher.people.rights import ROLE_LABELS, Role

HERE = Path(__file__).resolve().parent
PLAN = HERE / "ke-hoach.docx"
SLUG = "phuong-song-vang"
ARTICLE = 2_000_000  # đồng: what the invented newspaper asks for one


@dataclass(frozen=True, slots=True)
class SignIn:
    role: Role
    username: str
    password: str
    full_name: str

    @property
    def role_label(self) -> str:
        return ROLE_LABELS[self.role]


PEOPLE = {
    Role.OFFICER: ("canbo", "Lê Thu Hà", "Công chức Văn hóa - Xã hội"),
    Role.APPROVER: ("nguoiduyet", "Trần Quốc Bảo", "Phó Chủ tịch UBND phường"),
    Role.AUDITOR: ("kiemtra", "Phạm Minh Đức", "Thanh tra nhân dân"),
    Role.ACCOUNTANT: ("ketoan", "Vũ Ngọc Lan", "Kế toán"),
    Role.ADMIN: ("quantri", "Đỗ Anh Tuấn", "Quản trị hệ thống"),
    Role.OPERATOR: ("vanhanh", "Ngô Văn Hòa", "Người vận hành đài truyền thanh"),
}


def ward() -> Organisation | None:
    return Organisation.objects.filter(slug=SLUG).first()


@transaction.atomic
def make_ward(sandbox_url: str) -> Organisation:
    """The ward with its people and accounts; asked again it gives the one that stands, its sandbox where it is now."""
    organisation = ward()
    if organisation is None:
        organisation = Organisation.objects.create(
            slug=SLUG,
            name="Ủy ban nhân dân phường Sông Vàng",
            short_name="UBND phường Sông Vàng",
            address="Số 1 phố Bến Đò, phường Sông Vàng, thành phố Lạc An",
            hotline="0200 555 0118",
            email="lienhe@songvang.example",
        )
        record("organisation.created", f"organisation:{organisation.pk}", organisation=organisation)
        make_people(organisation)
        make_accounts(organisation)
    connect_sandbox(organisation, sandbox_url)
    for account in Account.objects.filter(organisation=organisation, kind="page", retired_at=None):
        open_site(account.organisation)
    return organisation


def make_people(organisation: Organisation) -> None:
    for sign_in in sign_ins():
        person = Person(username=sign_in.username, full_name=sign_in.full_name, position=PEOPLE[sign_in.role][2])
        person.set_password(sign_in.password)
        person.save()
        Member.objects.create(person=person, organisation=organisation, role=sign_in.role)


def sign_ins() -> list[SignIn]:
    """One sign-in for each role; passwords are made once and kept in the var folder. A role that came later
    has none."""
    path = config.var_dir / "secrets" / "sign-ins.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(json.dumps({role: secrets.token_urlsafe(9) for role in PEOPLE}))
    passwords = json.loads(path.read_text())
    return [SignIn(role, PEOPLE[role][0], passwords[role], PEOPLE[role][1]) for role in PEOPLE if role in passwords]


def person_of(role: Role) -> Person:
    return Person.objects.get(username=PEOPLE[role][0])


def make_accounts(organisation: Organisation) -> None:
    night = {"quiet_from": time(21), "quiet_until": time(6)}
    rows: list[dict[str, Any]] = [
        {"kind": "page", "name": "Trang thông tin phường"},
        {"kind": "feed", "name": "RSS của phường"},
        {"kind": "facebook", "name": "Facebook phường Sông Vàng (thử nghiệm)", **night},
        {"kind": "zalo", "name": "Zalo OA phường Sông Vàng (thử nghiệm)", **night},
        {
            "kind": "loudspeaker",
            "name": "Loa truyền thanh phường",
            "settings": {"station": "Đài truyền thanh phường Sông Vàng", "sessions": "07:30, 16:30"},
        },
        {
            "kind": "contracted",
            "name": "Báo Lạc An Ngày Nay",
            "rate": ARTICLE,
            "settings": {"partner": "Báo Lạc An Ngày Nay", "what": "bài báo"},
        },
    ]
    for row in rows:
        new_account(organisation, by=None, **row)


def connect_sandbox(organisation: Organisation, url: str) -> None:
    """Points the remote accounts at the sandbox, whose port may differ from start to start; one that an administrator
    gave a real address is left alone."""
    for kind, given in credentials(url).items():
        account = Account.objects.filter(organisation=organisation, kind=kind).first()
        if account is None or (account.settings and not is_loopback(str(account.settings.get("api_url", "")))):
            continue
        account.settings = given["settings"]
        account.save(update_fields=["settings"])
        if not account.secret:
            set_secrets(account, given["secrets"], by=None)


def bring_plan(organisation: Organisation, path: Path | None = None) -> Imported:
    """Imports a plan (the sample one by default) and gives its campaigns a line to spend from."""
    source = path or PLAN
    imported = import_plan(source.read_bytes(), source.name, organisation=organisation, by=person_of(Role.OFFICER))
    Campaign.objects.filter(plan=imported.plan, budget_line=None).update(budget_line=line_to_spend_from(imported.plan))
    return imported


def line_to_spend_from(plan: Plan) -> BudgetLine:
    """The plan's largest line; where none could pay one article, one of the officer's own, marked as such."""
    stated = plan.budget_lines.filter(amount__gte=ARTICLE).order_by("-amount", "order").first()
    return stated or BudgetLine.objects.create(
        organisation=plan.organisation,
        plan=plan,
        name="Đăng báo (dòng tự đặt để chạy thử)",
        amount=30 * ARTICLE,
        origin="own",
        period=str(plan.year or ""),
    )


def bring_posts(imported: Imported) -> list[Post]:
    """Writes the sample posts into the drafts of the sample plan; they wait for the officer to submit them."""
    officer = person_of(Role.OFFICER)
    written = []
    for at, sample in enumerate(YAML(typ="safe").load((HERE / "posts.yaml").read_text())["posts"]):
        post = next((p for p in imported.posts if p.theme and p.theme.path == sample["theme"]), None)
        if post is not None:
            write_post(post, sample, officer, due=next_working_hour(timezone.now(), days=at))
            written.append(post)
    return written


def write_post(post: Post, sample: dict[str, Any], officer: Person, due: datetime) -> None:
    fields = {name: sample[name] for name in ("title", "lead", "body", "footer") if sample.get(name)}
    kinds = sample.get("channels") or post.campaign.channels
    fields["accounts"] = list(Account.objects.filter(organisation=post.organisation, kind__in=kinds))
    edit_post(post, fields, by=officer, revision=post.revision)
    for picture in sample.get("pictures", []):
        data = (HERE / "pictures" / picture["file"]).read_bytes()
        attach_picture(
            post, data, picture["alt"], by=officer, name=picture["file"], source=OUR_OWN, people=NOBODY, tags="ảnh mẫu"
        )
    set_schedule(post, by=officer, starts_at=due)


def next_working_hour(now: datetime, days: int) -> datetime:
    """Nine in the morning, `days` after tomorrow."""
    local = timezone.localtime(now) + timedelta(days=days + 1)
    return local.replace(hour=9, minute=0, second=0, microsecond=0)
