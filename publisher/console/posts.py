"""The list of posts."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaigns.models import Campaign, Post, PostState
from publisher.console.doors import needs
from publisher.console.slices import cut
from publisher.people.rights import Right

LONGEST_KEY = 19  # digits: no row has a longer one, and no database takes it


@needs(Right.READ)
def posts(request: HttpRequest) -> HttpResponse:
    asked = asked_of(request)
    rows = Post.objects.filter(organisation=request.seat.organisation).select_related("campaign", "author", "schedule")
    context = {
        "slice": cut(chosen(rows, asked), "updated_at", request.GET.get("sau", "")),
        "states": PostState.choices,
        "state": asked["trang-thai"],
        "text": asked["tim"],
        "campaign": asked["chien-dich"],
        "campaigns": Campaign.objects.filter(organisation=request.seat.organisation).only("title"),
        "filtered": any(asked.values()),
        "query": request.GET.urlencode(),
    }
    return render(request, "console/posts.html", context)


def asked_of(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").replace("\0", "").strip() for name in ("trang-thai", "chien-dich", "tim")}


def chosen(rows: QuerySet[Post], asked: dict[str, str]) -> QuerySet[Post]:
    """Retired posts show only when asked for."""
    if asked["trang-thai"] in PostState.values:
        rows = rows.filter(state=asked["trang-thai"])
    else:
        rows = rows.exclude(state=PostState.RETIRED)
    if asked["chien-dich"].isdecimal() and len(asked["chien-dich"]) < LONGEST_KEY:
        rows = rows.filter(campaign=asked["chien-dich"])
    if asked["tim"]:
        rows = rows.filter(Q(title__icontains=asked["tim"]) | Q(ref__iexact=asked["tim"]))
    return rows
