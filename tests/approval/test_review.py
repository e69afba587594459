"""Submitting freezes, approving is bound to the digest, an edit voids: what was seen is what goes out."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from campaigns.headlines import BLANK
from campaigns.models import Approval, CampaignState, Decision, Post, PostVersion, Rendering
from publisher.approval.drafting import EditConflict, attach_picture, detach_picture, edit_post, set_schedule
from publisher.approval.review import NotReady, Refused, approve, frozen_digest, pending, send_back, submit
from publisher.delivery.models import Delivery
from publisher.delivery.shaping import shape_post, shown
from publisher.delivery.states import State
from publisher.events.models import Event
from publisher.people.models import Member
from publisher.people.rights import Role
from publisher.timetable.recurrence import BadRule
from tests.ward import DECLARED, TITLE, fresh, make_ward, person, picture, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def give(version: PostVersion, **by):
    return approve(version, digest=version.digest, **by)


UNFINISHED = {
    "no title": ({"title": "  "}, "chưa có tiêu đề"),
    "no body": ({"body": "\n"}, "chưa có nội dung"),
    "a blank in the body": ({"body": f"Thời hạn: {BLANK}: ngày]"}, "cần điền"),
    "a blank in the lead": ({"lead": f"{BLANK}]"}, "cần điền"),
    "unsure words": ({"unconfirmed": True}, "chưa rõ dấu"),
}


@pytest.mark.parametrize("what", UNFINISHED)
def test_an_unfinished_post_is_not_submitted_and_says_why(ward, what):
    fields, words = UNFINISHED[what]
    post = ward.post("page", **fields)
    with pytest.raises(NotReady, match=words):
        submit(post, by=ward.officer)
    assert Post.objects.get(pk=post.pk).state == "draft"
    assert not PostVersion.objects.exists()


def test_everything_that_is_missing_is_said_at_once(ward):
    post = ward.post(title="", body="", unconfirmed=True)
    with pytest.raises(NotReady) as error:
        submit(post, by=ward.officer)
    assert len(error.value.problems) == 4


def test_a_channel_that_cannot_carry_it_is_named(ward):
    post = ward.post("feed")  # without a public page there is no address to point at
    with pytest.raises(NotReady, match="feed thử: Bản tin RSS cần địa chỉ"):
        submit(post, by=ward.officer)


def test_what_was_submitted_cannot_be_submitted_again(ward):
    version = ward.submitted("page")
    with pytest.raises(NotReady, match="chờ duyệt"):
        submit(Post.objects.get(pk=version.post_id), by=ward.officer)


def test_a_post_that_changed_meanwhile_is_not_submitted(ward):
    post = ward.post("page")
    stale = Post.objects.get(pk=post.pk)
    edit_post(post, {"title": "Đổi"}, by=ward.officer, revision=post.revision)
    with pytest.raises(NotReady, match="người khác sửa"):
        submit(stale, by=ward.officer)


def test_the_preview_is_byte_for_byte_what_is_frozen_and_what_is_sent(ward, sandbox):
    ward.connect(sandbox)
    post = ward.post("page", "facebook", "loudspeaker", "contracted")
    shaped = {s.account.pk: s for s in shape_post(post)}
    version = submit(post, by=ward.officer)
    for rendering in version.renderings.all():
        assert rendering.digest == shaped[rendering.account_id].payload.digest
        assert shown(rendering) == shaped[rendering.account_id].preview
    made = give(version, by=ward.approver)
    assert {d.digest for d in made} == {r.digest for r in version.renderings.all()}
    turn()
    turn()
    (sent,) = sandbox.posts("facebook")
    assert sent["message"] == shaped[ward.accounts["facebook"].pk].payload.body["message"]


def test_approving_schedules_and_starts_the_campaign(ward):
    version = ward.submitted("page")
    assert list(pending(ward.organisation)) == [version]
    (delivery,) = give(version, by=ward.approver)
    assert delivery.state == State.SCHEDULED
    ward.campaign.refresh_from_db()
    assert ward.campaign.state == CampaignState.ACTIVE
    assert Post.objects.get(pk=version.post_id).state == "approved"
    assert list(pending(ward.organisation)) == []
    assert Event.objects.get(kind="post.approved").actor == ward.approver


def test_nobody_approves_without_the_right(ward):
    version = ward.submitted("page")
    for nobody in (ward.officer, ward.admin, person(ward.organisation, Role.AUDITOR), person(ward.organisation)):
        with pytest.raises(Refused, match="không có quyền duyệt"):
            give(version, by=nobody)
        with pytest.raises(Refused, match="không có quyền duyệt"):
            send_back(version, by=nobody, reason="Sửa")
    stranger = make_ward().approver
    with pytest.raises(Refused, match="không có quyền duyệt"):
        give(version, by=stranger)
    assert not Delivery.objects.exists()


def test_whoever_left_the_organisation_approves_nothing(ward):
    version = ward.submitted("page")
    Member.objects.filter(person=ward.approver).update(left_at=timezone.now())
    with pytest.raises(Refused, match="không có quyền duyệt"):
        give(version, by=ward.approver)


@pytest.fixture
def both(ward):
    return person(ward.organisation, Role.OFFICER, Role.APPROVER)


@pytest.mark.parametrize("part", ["author", "submitter", "both", "editor"])
def test_nobody_approves_their_own_work(ward, both, part):
    author = both if part in {"author", "both"} else ward.officer
    post = ward.post("page")
    Post.objects.filter(pk=post.pk).update(author=author)
    post.refresh_from_db()
    if part == "editor":
        post = edit_post(post, {"lead": "Lời của người duyệt"}, by=both, revision=post.revision)
    version = submit(post, by=both if part in {"submitter", "both"} else ward.officer)
    with pytest.raises(Refused, match="không được tự duyệt"):
        give(version, by=both, reason="Gấp")
    ward.organisation.self_approval = True
    ward.organisation.save()
    version = PostVersion.objects.get(pk=version.pk)
    with pytest.raises(Refused, match="cần ghi lý do"):
        give(version, by=both, reason="  ")
    assert give(version, by=both, reason="Bão đổ bộ đêm nay")
    assert Approval.objects.get().reason == "Bão đổ bộ đêm nay"


def test_the_digest_the_approver_saw_must_be_the_one_that_is_stored(ward):
    version = ward.submitted("page")
    with pytest.raises(Refused, match="khác với bản bạn đã xem"):
        approve(version, by=ward.approver, digest="0" * 64)
    rendering = version.renderings.get()
    rendering.body = {**rendering.body, "title": "Chữ bị đổi trong cơ sở dữ liệu"}
    rendering.save(update_fields=["body"])
    assert frozen_digest(version) != version.digest
    with pytest.raises(Refused, match="khác với bản bạn đã xem"):
        give(PostVersion.objects.get(pk=version.pk), by=ward.approver)
    assert not Approval.objects.exists()


def test_an_account_slipped_into_a_frozen_version_is_seen(ward):
    version = ward.submitted("page")
    stolen = version.renderings.get()
    Rendering.objects.create(version=version, account=ward.account("contracted"), kind=stolen.kind, body={}, digest="x")
    with pytest.raises(Refused, match="khác với bản bạn đã xem"):
        give(version, by=ward.approver)


def test_a_version_is_decided_once(ward):
    version = ward.submitted("page")
    give(version, by=ward.approver)
    with pytest.raises(Refused, match="đã có người quyết định"):
        give(version, by=ward.approver)
    assert Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_make_one_decision():
    ward = make_ward()
    version = ward.submitted("page")
    together = threading.Barrier(3)

    def decide(_: int) -> int:
        try:
            together.wait(20)
            return len(give(PostVersion.objects.get(pk=version.pk), by=ward.approver))
        except Refused:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as people:
        assert sum(people.map(decide, range(3))) == 1
    assert Delivery.objects.count() == Approval.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_edit_and_an_approval_at_once_leave_one_of_them():
    for number in range(4):
        ward = make_ward()
        version = ward.submitted("page", title=f"Tin {number}")
        together = threading.Barrier(2)

        def edit(ward=ward, version=version, gate=together) -> None:
            post = Post.objects.get(pk=version.post_id)
            try:
                gate.wait(20)
                edit_post(post, {"title": "Đổi"}, by=ward.officer, revision=post.revision)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as officer:
            answer = officer.submit(edit)
            together.wait(20)
            try:
                give(version, by=ward.approver)
            except Refused:
                assert not Delivery.objects.filter(organisation=ward.organisation).exists()
        answer.result()
        turn()
        states = set(Delivery.objects.filter(organisation=ward.organisation).values_list("state", flat=True))
        assert states <= {State.CANCELLED}
        assert Post.objects.get(pk=version.post_id).state == "draft"


def test_sending_back_needs_a_reason_and_lets_the_officer_write_on(ward):
    version = ward.submitted("page")
    with pytest.raises(Refused, match="điều cần sửa"):
        send_back(version, by=ward.approver, reason=" ")
    send_back(version, by=ward.approver, reason="Thiếu địa điểm")
    post = Post.objects.get(pk=version.post_id)
    assert post.state == "returned"
    again = submit(
        edit_post(post, {"body": "Tại nhà văn hóa."}, by=ward.officer, revision=post.revision), by=ward.officer
    )
    assert (again.number, again.revision) == (2, 2)
    with pytest.raises(Refused):
        give(version, by=ward.approver)


EDITS = {
    "words": lambda ward, post: edit_post(post, {"title": "Đổi"}, by=ward.officer, revision=post.revision),
    "accounts": lambda ward, post: edit_post(post, {"accounts": []}, by=ward.officer, revision=post.revision),
    "a picture more": lambda ward, post: attach_picture(post, picture(color="red"), "Ảnh", by=ward.officer, **DECLARED),
    "a picture less": lambda ward, post: detach_picture(post, post.pictures.first(), by=ward.officer),
    "another time": lambda ward, post: set_schedule(post, by=ward.officer, starts_at=timezone.now()),
}


@pytest.mark.parametrize("what", EDITS)
@pytest.mark.parametrize("when", ["submitted", "approved"])
def test_any_edit_voids_what_was_decided(ward, what, when):
    version = ward.submitted("page")
    made = give(version, by=ward.approver) if when == "approved" else []
    EDITS[what](ward, Post.objects.get(pk=version.post_id))
    post = Post.objects.get(pk=version.post_id)
    assert (post.state, post.revision) == ("draft", version.revision + 1)
    assert [fresh(d).state for d in made] == [State.CANCELLED] * len(made)
    decisions = list(Approval.objects.order_by("pk").values_list("decision", flat=True))
    assert decisions == ([Decision.APPROVED, Decision.VOIDED] if when == "approved" else [])
    with pytest.raises(Refused):
        give(PostVersion.objects.get(pk=version.pk), by=ward.approver)
    assert turn() == 0


def test_two_editors_do_not_overwrite_each_other(ward):
    post = ward.post("page")
    opened = post.revision
    edit_post(Post.objects.get(pk=post.pk), {"title": "Của người thứ nhất"}, by=ward.officer, revision=opened)
    with pytest.raises(EditConflict, match="người khác sửa"):
        edit_post(Post.objects.get(pk=post.pk), {"title": "Của người thứ hai"}, by=ward.officer, revision=opened)
    assert Post.objects.get(pk=post.pk).title == "Của người thứ nhất"


def test_a_rule_nobody_can_follow_is_not_saved(ward):
    post = ward.post("page")
    with pytest.raises(BadRule):
        set_schedule(post, by=ward.officer, starts_at=timezone.now(), rule="FREQ=SECONDLY")
    post = Post.objects.get(pk=post.pk)
    assert post.revision == 1
    assert not hasattr(post, "schedule")


def test_an_edited_post_comes_to_the_top_of_the_list(ward):
    older, newer = ward.post("page"), ward.post("page", title="Tin sau")
    assert Post.objects.first() == newer
    edit_post(older, {"title": TITLE}, by=ward.officer, revision=older.revision)
    assert Post.objects.first() == older


def test_whoever_hung_a_picture_on_the_post_may_not_approve_it(ward):
    both = person(ward.organisation, Role.OFFICER, Role.APPROVER)
    post = ward.post("page")
    attach_picture(post, picture(color="olive"), "Biển báo đầy chữ", by=both, **DECLARED)
    version = submit(post, by=ward.officer)
    with pytest.raises(Refused, match="tự duyệt"):
        approve(version, by=both, digest=version.digest)
