"""Seats the signed-in person: `request.seat` is their place in one organisation, or None."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from publisher.people.models import Organisation, Person, Seat


class MemberMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.seat = seat_of(request.user) if request.user.is_authenticated else None
        return self.get_response(request)


def seat_of(person: Person) -> Seat | None:
    """The organisation the person joined first; None for somebody who belongs nowhere (any more)."""
    organisation = (
        Organisation.objects.filter(members__person=person, members__left_at=None, retired_at=None)
        .order_by("members__joined_at", "pk")
        .first()
    )
    return Seat(person, organisation) if organisation else None
