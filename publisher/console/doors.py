"""The doors of the console: who may come in, and whose rows they find."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect

from publisher.people.rights import Right

Rights = Right | tuple[Right, ...]
View = Callable[..., HttpResponse]

NO_SEAT = "Tài khoản này chưa thuộc đơn vị nào. Hãy nhờ người quản trị của đơn vị thêm bạn làm thành viên."
NO_RIGHT = "Vai trò của bạn không được làm việc này. Nếu cần, hãy nhờ người quản trị của đơn vị cấp thêm vai trò."


def needs(get: Rights | None = None, *, post: Rights | None = None) -> Callable[[View], View]:
    """Lets in who holds one of the rights named for the method; a method without rights answers 405.

    The organisation's time zone holds inside.
    """
    rights = {"GET": _several(get), "HEAD": _several(get), "POST": _several(post)}
    rights = {method: asked for method, asked in rights.items() if asked}

    def guard(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in rights:
                return HttpResponseNotAllowed(sorted(rights))
            if request.seat is None:
                return turn_away(request)
            if not any(request.seat.may(right) for right in rights[request.method]):
                raise PermissionDenied(NO_RIGHT)
            refuse_unwritable(request, kwargs.values())
            with timezone.override(request.seat.organisation.timezone):
                response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True)
            return response

        return door

    return guard


def refuse_unwritable(request: HttpRequest, named: Iterable[Any]) -> None:
    """No keyboard gives NUL, and no column or JSON of PostgreSQL takes it: it was sent by hand."""
    given = (value for query in (request.GET, request.POST) for _, values in query.lists() for value in values)
    if any("\0" in str(value) for value in chain(named, given)):
        raise BadRequest("NUL in a request")


def turn_away(request: HttpRequest) -> HttpResponse:
    """Answers somebody without a seat. What was written in a form is not thrown away by a redirect."""
    if request.user.is_authenticated:
        raise PermissionDenied(NO_SEAT)
    if request.method == "POST":
        return render(request, "console/session_ended.html", status=401)
    if request.htmx:
        page = urlsplit(request.htmx.current_url_abs_path or resolve_url(settings.LOGIN_REDIRECT_URL)).path
        return HttpResponseClientRedirect(redirect_to_login(page).url)
    return redirect_to_login(request.get_full_path())


def own(rows: type[Model] | QuerySet[Any], request: HttpRequest, **lookup: Any) -> Any:
    """The row of the visitor's organisation; another organisation's answers 404, as if it did not exist."""
    return get_object_or_404(rows, organisation=request.seat.organisation, **lookup)


def _several(rights: Rights | None) -> tuple[Right, ...]:
    if rights is None:
        return ()
    return rights if isinstance(rights, tuple) else (rights,)
