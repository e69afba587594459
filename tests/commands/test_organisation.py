"""Founding an organisation and giving it people, where nobody can sign in yet."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from publisher.people.models import Organisation, Person, Seat
from publisher.people.rights import Right

pytestmark = pytest.mark.django_db
NEW = ("create", "phuong-ben-moi", "--name", "Ủy ban nhân dân phường Bến Mới", "--short-name", "UBND phường Bến Mới")


def said(*args: str) -> str:
    out = io.StringIO()
    call_command("organisation", *args, stdout=out)
    return out.getvalue()


def test_a_new_organisation_has_an_administrator_who_can_sign_in() -> None:
    words = said(*NEW, "--admin", "benmoi")
    person = Person.objects.get(username="benmoi")
    assert person.check_password(words.split("hiện một lần: ")[1].strip())
    assert Seat(person, Organisation.objects.get(slug="phuong-ben-moi")).may(Right.MANAGE)


def test_a_person_joins_with_several_roles_and_keeps_the_password() -> None:
    said(*NEW, "--admin", "benmoi")
    assert "Mật khẩu" in said("join", "phuong-ben-moi", "hoa", "officer", "accountant", "--full-name", "Trần Thị Hoa")
    assert "Mật khẩu" not in said("join", "phuong-ben-moi", "hoa", "auditor")
    seat = Seat(Person.objects.get(username="hoa"), Organisation.objects.get(slug="phuong-ben-moi"))
    assert [seat.may(right) for right in (Right.WRITE, Right.WRITE_MONEY, Right.APPROVE)] == [True, True, False]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((*NEW, "--admin", "benmoi"), "Chọn định danh khác"),
        (("create", "bến mới", *NEW[2:], "--admin", "x"), "gạch nối"),
        (("create", "khac", *NEW[2:], "--admin", "benmoi"), "Chọn tên khác"),
        (("join", "khong-co", "hoa", "officer"), "Không có đơn vị"),
    ],
)
def test_what_cannot_be_founded_is_named_and_nothing_is_made(args: tuple[str, ...], words: str) -> None:
    said(*NEW, "--admin", "benmoi")
    with pytest.raises(CommandError, match=words):
        said(*args)
    assert (Organisation.objects.count(), Person.objects.count()) == (1, 1)


def test_who_leaves_has_no_right_left_and_may_come_back() -> None:
    said(*NEW, "--admin", "benmoi")
    said("leave", "phuong-ben-moi", "benmoi")
    person, organisation = Person.objects.get(), Organisation.objects.get()
    assert not Seat(person, organisation).may(Right.READ)
    with pytest.raises(CommandError, match="không có vai trò"):
        said("leave", "phuong-ben-moi", "benmoi")
    said("join", "phuong-ben-moi", "benmoi", "officer")
    assert Seat(person, organisation).may(Right.WRITE)
