"""The library without its screens: rows from before it, doubles, what is described, and who decides."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from assets.consent import missing
from assets.models import Asset, Kind, Rendition
from assets.pictures import cleaned
from publisher.approval.drafting import attach_picture
from publisher.approval.library import INCOMPLETE, describe, keep, pictures, usage
from publisher.approval.review import NotReady, Refused, approve, submit
from publisher.delivery.shaping import content_of, pictures_of, shape_post
from publisher.people.rights import Role
from tests.ward import DECLARED, fresh, person, picture, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def kept(ward, data: bytes | None = None, **words: object) -> Asset:
    data = data or picture()
    return keep(ward.organisation, cleaned(data), data, by=ward.officer, **words).asset


def test_rows_from_before_the_library_get_their_kind_and_nothing_published_changes(ward) -> None:
    post = ward.post("page")
    drawn = ward.post("page", title="Không có ảnh")
    drawn.postpicture_set.all().delete()
    before = [one.payload.digest for one in (*shape_post(post), *shape_post(drawn))]
    Asset.objects.update(kind="picture", source="", people="", folded="")
    import_module("assets.migrations.0005_sources").sort(apps, None)
    kinds = dict(Asset.objects.filter(organisation=ward.organisation).values_list("sha256", "kind"))
    brought, card = post.pictures.get(), Asset.objects.get(sha256=content_of(drawn).pictures[0].sha256)
    assert (kinds[brought.sha256], kinds[card.sha256]) == (Kind.PICTURE, Kind.CARD)
    assert (card.source, card.missing) == ("Đồ họa của đơn vị", [])
    assert {row.asset.kind for row in Rendition.objects.select_related("asset")} <= {Kind.RENDITION, Kind.CARD}
    brought.refresh_from_db()
    assert (brought.folded, brought.missing[0]) == ("xe thu gom rac", "nguồn ảnh")
    assert list(pictures(ward.organisation)) == [brought]
    describe(brought, DECLARED, by=ward.officer)
    assert [one.payload.digest for one in (*shape_post(post), *shape_post(drawn))] == before


@pytest.mark.parametrize("lack", ["alt", "source", "people"])
def test_a_picture_that_lacks_a_word_keeps_its_post_back(ward, lack: str) -> None:
    post = ward.post("page")
    describe(post.pictures.get(), {lack: ""}, by=ward.officer)
    with pytest.raises(NotReady, match="còn thiếu"):
        submit(post, by=ward.officer)


@pytest.mark.parametrize(
    ("words", "lacks"),
    [
        ({}, 0),
        ({"people": "consent"}, 1),
        ({"people": "consent", "people_note": "Giấy đồng ý của bà Hoa"}, 0),
        ({"people": "public"}, 1),
        ({"people": "not_needed"}, 1),
        ({"people": "anything"}, 1),
        ({"children": True}, 1),
        ({"children": True, "children_note": "Bản đồng ý ngày 30/8/2026"}, 0),
        ({"people": "consent", "children": True}, 2),
        ({"alt": "  ", "source": ""}, 2),
    ],
)
def test_what_is_missing_is_the_same_for_people_and_for_the_database(ward, words, lacks: int) -> None:
    asset = describe(kept(ward, alt="Sân", **DECLARED), words, by=ward.officer)
    assert len(missing(asset)) == lacks
    if words.get("people") != "anything":  # which no form takes
        assert pictures(ward.organisation).filter(INCOMPLETE).exists() == bool(lacks)


def test_what_lacks_is_completed_by_a_second_upload_and_nothing_is_written_over(ward) -> None:
    first = kept(ward, alt="Sân nhà văn hóa")
    again = keep(
        ward.organisation, cleaned(picture()), picture(), by=ward.officer, alt="Chữ khác", source="UBND phường"
    )
    assert (again.known, again.asset.pk) == (True, first.pk)
    assert (again.asset.alt, again.asset.source) == ("Sân nhà văn hóa", "UBND phường")


def test_a_rendition_that_is_handed_in_becomes_a_picture_of_the_library(ward) -> None:
    row = kept(ward)
    Asset.objects.filter(pk=row.pk).update(kind=Kind.RENDITION, name="")
    assert not pictures(ward.organisation).exists()
    kept(ward, name="anh.jpg")
    assert pictures(ward.organisation).get().name == "anh.jpg"


def test_whoever_described_a_picture_does_not_approve_its_post(ward) -> None:
    both = person(ward.organisation, Role.OFFICER, Role.APPROVER)
    post = ward.post("page")
    describe(post.pictures.get(), {"alt": "Xe thu gom rác ở tổ 5"}, by=both)
    version = submit(post, by=ward.officer)
    with pytest.raises(Refused, match="tự duyệt"):
        approve(version, by=both, digest=version.digest)


def test_a_new_middle_changes_the_cut_and_not_what_was_approved(ward) -> None:
    post = ward.post("page")
    post.postpicture_set.all().delete()
    asset = attach_picture(post, picture((1600, 1600)), "Sân", by=ward.officer, **DECLARED)
    version = submit(post, by=ward.officer)
    frozen = version.renderings.get().body
    (shared,) = [one for one in frozen["pictures"][0]["variants"] if one["use"] == "share"]
    describe(asset, {"focus_y": 0.9}, by=ward.officer)
    (delivery,) = approve(version, by=ward.approver, digest=version.digest)
    turn()
    assert fresh(delivery).state == "delivered"
    assert any(shared["sha256"][:16] in path.name for path in ward.site.rglob("*"))
    assert [(used.post, [d.pk for d in used.deliveries]) for used in usage(asset)] == [(post, [delivery.pk])]


def test_another_office_has_the_same_picture_for_itself(ward) -> None:
    from tests.ward import make_ward

    other = make_ward()
    assert kept(ward).pk != kept(other).pk


@pytest.mark.django_db(transaction=True)
def test_two_who_hand_in_the_same_picture_at_once_have_one(ward) -> None:
    clean, gate, found = cleaned(picture(color="navy")), threading.Barrier(2), []

    def hand_in() -> None:
        gate.wait()
        found.append(keep(ward.organisation, clean, picture(color="navy"), by=ward.officer).asset.pk)
        connection.close()

    threads = [threading.Thread(target=hand_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == 1


def test_a_file_named_like_a_title_card_does_not_become_one(ward) -> None:
    post = ward.post("page")
    post.postpicture_set.all().delete()
    card = pictures_of(post)[0]
    Asset.objects.filter(pk=card.pk).update(name="", sha256="0" * 64)  # as before it was drawn
    slipped = kept(ward, picture(color="red"), name=card.name)
    assert pictures_of(post)[0] != slipped


@pytest.mark.parametrize(
    "meanwhile", [{"retired_at": datetime(2026, 3, 1, tzinfo=UTC)}, {"children": True, "children_note": ""}]
)
def test_what_came_to_light_of_a_picture_while_it_waited_keeps_it_from_being_approved(ward, meanwhile) -> None:
    post = ward.post("page")
    version = submit(post, by=ward.officer)
    post.pictures.update(**meanwhile)
    with pytest.raises(Refused, match=r"ngừng dùng|giám hộ"):
        approve(version, by=ward.approver, digest=version.digest)
    assert not version.approvals.exists()
