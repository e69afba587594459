"""publisher organisation create SLUG --name … --short-name … --admin USERNAME; join SLUG USERNAME ROLE…; leave."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from django.db import transaction
from django.utils import timezone

from publisher.events.log import record
from publisher.management.commands._asking import organisation_named
from publisher.people.models import Member, Organisation, Person
from publisher.people.rights import ROLE_LABELS, Role


class Command(BaseCommand):
    help = "Lập đơn vị mới cùng người quản trị đầu tiên (create), thêm người (join), cho người rời đi (leave)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create")
        create.add_argument("slug", help="định danh không dấu, ví dụ phuong-song-vang")
        create.add_argument("--name", required=True, help="tên đầy đủ")
        create.add_argument("--short-name", required=True, help="tên ngắn, ví dụ UBND phường Sông Vàng")
        create.add_argument("--admin", required=True, help="tên đăng nhập của quản trị")
        create.add_argument("--full-name", default="", help="họ và tên của quản trị")
        join = verbs.add_parser("join")
        join.add_argument("slug", help="định danh của đơn vị")
        join.add_argument("username", help="tên đăng nhập, mới hoặc đã có")
        join.add_argument("roles", nargs="+", choices=[role.value for role in Role], metavar="ROLE")
        join.add_argument("--full-name", default="", help="họ và tên của người mới")

        leave = verbs.add_parser("leave")
        leave.add_argument("slug", help="định danh của đơn vị")
        leave.add_argument("username", help="người rời đơn vị; những gì họ đã làm vẫn còn trong nhật ký")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "leave":
            leave(organisation_named(options["slug"]), options["username"])
            self.stdout.write(f"{options['username']} không còn vai trò nào ở đơn vị này.")
            return
        if options["verb"] == "create":
            organisation, username, roles = checked_new(options), options["admin"], [Role.ADMIN]
        else:
            organisation, username = organisation_named(options["slug"]), options["username"]
            roles = [Role(role) for role in options["roles"]]
        password = join(organisation, username, roles, options["full_name"])
        labels = ", ".join(ROLE_LABELS[role] for role in roles)
        self.stdout.write(f"{username} là {labels} của {organisation.short_name}.")
        if password:
            self.stdout.write(f"Mật khẩu, chỉ hiện một lần: {password}")


def checked_new(options: dict[str, Any]) -> Organisation:
    """The organisation to be, not saved yet. Raises `CommandError`."""
    try:
        validate_slug(options["slug"])
    except ValidationError as error:
        raise CommandError("Định danh chỉ gồm chữ không dấu, số và gạch nối, ví dụ phuong-song-vang.") from error
    if Organisation.objects.filter(slug=options["slug"]).exists():
        raise CommandError(f"Đã có đơn vị “{options['slug']}”. Chọn định danh khác.")
    if Person.objects.filter(username=options["admin"]).exists():
        raise CommandError(f"Tên đăng nhập “{options['admin']}” đã có người dùng. Chọn tên khác.")
    return Organisation(slug=options["slug"], name=options["name"], short_name=options["short_name"])


@transaction.atomic
def join(organisation: Organisation, username: str, roles: list[Role], full_name: str) -> str:
    """Gives the person these roles, making organisation and person where they are new; returns a new password or ""."""
    if organisation.pk is None:
        organisation.save()
        record("organisation.created", f"organisation:{organisation.pk}", organisation=organisation)
    person, password = Person.objects.filter(username=username).first(), ""
    if person is None:
        password = secrets.token_urlsafe(12)
        person = Person(username=username, full_name=full_name or username)
        person.set_password(password)
        person.save()
    for role in roles:
        Member.objects.update_or_create(person=person, organisation=organisation, role=role, defaults={"left_at": None})
    told = {"person": person.pk, "roles": [str(role) for role in roles]}
    record("member.joined", f"organisation:{organisation.pk}", organisation=organisation, data=told)
    return password


@transaction.atomic
def leave(organisation: Organisation, username: str) -> None:
    """Ends every role of the person there, from their next click on. Raises `CommandError`."""
    held = Member.objects.filter(organisation=organisation, person__username=username, left_at=None)
    if not held.update(left_at=timezone.now()):
        raise CommandError(f"“{username}” không có vai trò nào ở đơn vị này.")
    person = Person.objects.get(username=username)
    record("member.left", f"organisation:{organisation.pk}", organisation=organisation, data={"person": person.pk})
