"""publisher organisation create SLUG --name … --short-name … --admin USERNAME"""

from __future__ import annotations

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from django.db import transaction

from publisher.events.log import record
from publisher.people.models import Member, Organisation, Person
from publisher.people.rights import Role


class Command(BaseCommand):
    help = "Lập đơn vị mới cùng người quản trị đầu tiên (create)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create")
        create.add_argument("slug", help="định danh không dấu, ví dụ phuong-song-vang")
        create.add_argument("--name", required=True, help="tên đầy đủ")
        create.add_argument("--short-name", required=True, help="tên ngắn, ví dụ UBND phường Sông Vàng")
        create.add_argument("--admin", required=True, help="tên đăng nhập của quản trị")
        create.add_argument("--admin-name", default="", help="họ và tên của quản trị")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_slug(options["slug"])
        except ValidationError as error:
            raise CommandError("Định danh chỉ gồm chữ không dấu, số và gạch nối, ví dụ phuong-song-vang.") from error
        if Organisation.objects.filter(slug=options["slug"]).exists():
            raise CommandError(f"Đã có đơn vị “{options['slug']}”. Chọn định danh khác.")
        if Person.objects.filter(username=options["admin"]).exists():
            raise CommandError(f"Tên đăng nhập “{options['admin']}” đã có người dùng. Chọn tên khác.")
        password = found(options)
        self.stdout.write(f"Đã lập {options['short_name']}. Đăng nhập: {options['admin']} · mật khẩu: {password}")
        self.stdout.write("Mật khẩu chỉ hiện một lần.")


@transaction.atomic
def found(options: dict[str, Any]) -> str:
    """Makes the organisation and its administrator; returns the password."""
    organisation = Organisation.objects.create(
        slug=options["slug"], name=options["name"], short_name=options["short_name"]
    )
    password = secrets.token_urlsafe(12)
    person = Person(username=options["admin"], full_name=options["admin_name"] or options["admin"])
    person.set_password(password)
    person.save()
    Member.objects.create(person=person, organisation=organisation, role=Role.ADMIN)
    record("organisation.created", f"organisation:{organisation.pk}", organisation=organisation, actor=person)
    return password
