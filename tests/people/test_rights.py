"""Who may do what, and where."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from publisher.people.middleware import MemberMiddleware, seat_of
from publisher.people.models import Member, Organisation, Seat
from publisher.people.rights import RIGHTS, ROLE_LABELS, Right, Role
from tests.ward import make_ward, person

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

TABLE = {
    Role.OFFICER: {Right.READ, Right.WRITE, Right.READ_MONEY, Right.AIR},
    Role.APPROVER: {Right.READ, Right.APPROVE, Right.READ_MONEY},
    Role.AUDITOR: {Right.READ, Right.READ_MONEY},
    Role.ACCOUNTANT: {Right.READ, Right.READ_MONEY, Right.WRITE_MONEY},
    Role.ADMIN: {Right.READ, Right.READ_MONEY, Right.MANAGE},
    Role.OPERATOR: {Right.READ, Right.AIR},
}


def test_every_role_has_a_name_and_its_rights():
    assert set(RIGHTS) == set(ROLE_LABELS) == set(Role) == set(TABLE)


@pytest.mark.parametrize("role", Role)
def test_a_role_gives_its_rights_and_no_other(ward, role):
    seat = Seat(person(ward.organisation, role), ward.organisation)
    assert {right for right in Right if seat.may(right)} == TABLE[role]


def test_roles_of_one_person_add_up(ward):
    seat = Seat(person(ward.organisation, Role.OFFICER, Role.APPROVER), ward.organisation)
    assert seat.rights == TABLE[Role.OFFICER] | TABLE[Role.APPROVER]
    assert seat.role_labels == "Cán bộ truyền thông, Người duyệt"


def test_a_role_in_one_organisation_is_none_in_another(ward):
    seat = Seat(ward.officer, make_ward().organisation)
    assert seat.rights == frozenset()


def test_whoever_left_has_no_seat_and_no_rights(ward):
    Member.objects.filter(person=ward.officer).update(left_at=timezone.now())
    assert seat_of(ward.officer) is None
    assert Seat(ward.officer, ward.organisation).rights == frozenset()


def test_nobody_sits_in_an_organisation_that_was_retired(ward):
    Organisation.objects.filter(pk=ward.organisation.pk).update(retired_at=timezone.now())
    assert seat_of(ward.officer) is None


def test_the_organisation_joined_first_is_where_one_sits(ward):
    Member.objects.create(person=ward.officer, organisation=make_ward().organisation, role=Role.ADMIN)
    assert seat_of(ward.officer).organisation == ward.organisation


def test_every_request_knows_the_seat_of_its_person(ward):
    seated = []
    middleware = MemberMiddleware(lambda request: seated.append(request.seat) or HttpResponse())
    for user in (ward.officer, AnonymousUser(), person(ward.organisation)):
        request = RequestFactory().get("/")
        request.user = user
        middleware(request)
    assert [seat and seat.person for seat in seated] == [ward.officer, None, None]


@pytest.mark.parametrize("role", ["king", ""])
def test_the_database_knows_no_other_roles(ward, role):
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(person=ward.officer, organisation=ward.organisation, role=role)


def test_the_same_role_is_held_once(ward):
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(person=ward.officer, organisation=ward.organisation, role=Role.OFFICER)
