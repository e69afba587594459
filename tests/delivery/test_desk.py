"""What people may do to a delivery, and when they may not."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from channels.contract import Proof
from publisher.delivery import desk
from publisher.delivery.desk import NotPossible
from publisher.delivery.models import Delivery
from publisher.delivery.states import State
from publisher.events.models import Event
from tests.ward import fresh, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
MINUTES = Proof("minutes", "Biên bản nghiệm thu", "12/BB-UBND")


def put(delivery: Delivery, state: State) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(state=state)
    return fresh(delivery)


def aired(delivery: Delivery) -> Delivery:
    """The same bulletin, its hour past."""
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now() - timedelta(minutes=20))
    return fresh(delivery)


def test_an_airing_is_confirmed_by_the_operator(ward):
    delivery = ward.delivered("loudspeaker")
    assert delivery.state == State.HANDED_OVER
    scripts = [e.value for e in delivery.evidence.filter(kind="file")]
    assert any(value.endswith("ban-doc.docx") for value in scripts)
    assert all((ward.desk("loudspeaker") / value).is_file() for value in scripts)
    desk.confirm(aired(delivery), by=ward.officer, note="Cụm 3 mất điện")
    assert fresh(delivery).state == State.DELIVERED
    event = Event.objects.get(kind="delivery.delivered", subject=f"delivery:{delivery.pk}")
    assert (event.actor, event.data["note"]) == (ward.officer, "Cụm 3 mất điện")


def test_nobody_confirms_an_airing_before_its_hour(ward):
    delivery = ward.delivered("loudspeaker")
    with pytest.raises(NotPossible, match="Chưa tới giờ phát"):
        desk.confirm(delivery, by=ward.officer)
    assert fresh(delivery).state == State.HANDED_OVER


def test_what_was_not_aired_needs_a_reason(ward):
    delivery = ward.delivered("loudspeaker")
    with pytest.raises(NotPossible, match="lý do"):
        desk.refuse(delivery, by=ward.officer, reason=" ")
    desk.refuse(delivery, by=ward.officer, reason="Mất điện cả phường")
    assert fresh(delivery).state == State.FAILED
    assert fresh(delivery).last_error == "Mất điện cả phường"


def test_contracted_work_is_not_accepted_without_evidence(ward):
    ward.account("contracted", rate=2_000_000, budget_line=ward.line)
    delivery = ward.delivered("contracted")
    with pytest.raises(NotPossible, match="minh chứng"):
        desk.confirm(delivery, by=ward.officer)
    ward.line.refresh_from_db()
    assert (ward.line.committed, ward.line.spent) == (2_000_000, 0)
    desk.confirm(delivery, by=ward.officer, proofs=[MINUTES])
    ward.line.refresh_from_db()
    assert (ward.line.committed, ward.line.spent) == (0, 2_000_000)


@pytest.mark.parametrize("state", [s for s in State if s is not State.HANDED_OVER])
def test_only_what_was_handed_over_is_confirmed_or_refused(ward, state):
    delivery = put(ward.one("page"), state)
    for act in (
        lambda: desk.confirm(delivery, by=ward.officer, proofs=[MINUTES]),
        lambda: desk.refuse(delivery, by=ward.officer, reason="Không đăng"),
    ):
        with pytest.raises(NotPossible):
            act()
    assert fresh(delivery).state == state
    assert not delivery.evidence.filter(kind="minutes").exists()


@pytest.mark.parametrize("state", [s for s in State if s is not State.UNKNOWN])
@pytest.mark.parametrize("posted", [True, False])
def test_nobody_decides_over_what_is_not_in_doubt(ward, state, posted):
    """Sent back in line while a worker is sending, a post would go out twice."""
    delivery = put(ward.one("page"), state)
    with pytest.raises(NotPossible):
        desk.decide_unknown(delivery, by=ward.officer, posted=posted, note="Đã xem Trang")
    assert fresh(delivery).state == state


@pytest.mark.parametrize(("posted", "end"), [(True, State.DELIVERED), (False, State.SCHEDULED)])
def test_a_person_settles_a_doubt_and_says_where_they_looked(ward, posted, end):
    delivery = put(ward.one("page"), State.UNKNOWN)
    with pytest.raises(NotPossible, match="lý do"):
        desk.decide_unknown(delivery, by=ward.officer, posted=posted, note="")
    desk.decide_unknown(delivery, by=ward.officer, posted=posted, note="Đã xem Trang lúc 9 giờ")
    assert fresh(delivery).state == end
    assert Event.objects.get(kind=f"delivery.{end}", data__note="Đã xem Trang lúc 9 giờ").actor == ward.officer


def test_a_doubt_settled_on_a_stale_page_changes_nothing(ward):
    stale = put(ward.one("page"), State.UNKNOWN)
    put(stale, State.DELIVERED)
    with pytest.raises(NotPossible, match="nơi khác"):
        desk.decide_unknown(stale, by=ward.officer, posted=False, note="Không thấy bài")
    assert fresh(stale).state == State.DELIVERED


@pytest.mark.parametrize("state", [State.SCHEDULED, State.QUEUED])
def test_what_has_not_gone_out_can_be_cancelled_with_a_reason(ward, state):
    delivery = put(ward.one("page"), state)
    with pytest.raises(NotPossible, match="lý do"):
        desk.cancel(delivery, by=ward.officer, reason="")
    desk.cancel(delivery, by=ward.officer, reason="Hoãn họp")
    assert fresh(delivery).state == State.CANCELLED
    assert turn() == 0


def test_an_uploaded_proof_is_kept_under_its_own_hash(ward):
    delivery = ward.delivered("contracted")
    data = b"%PDF-1.4 bien ban"
    evidence = desk.add_file_evidence(delivery, data, "../../Biên bản số 1.pdf", "Biên bản", by=ward.officer)
    path = Path(settings.DESK_ROOT) / evidence.value
    assert path.read_bytes() == data
    assert path.is_relative_to(Path(settings.DESK_ROOT) / ward.organisation.slug)
    assert evidence.sha256 == hashlib.sha256(data).hexdigest()
    assert Event.objects.get(kind="delivery.evidence").data["sha256"] == evidence.sha256


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("ma.exe", b"MZ", "Không nhận tệp loại"),
        ("trang.html", b"<script>", "Không nhận tệp loại"),
        ("khong-duoi", b"abc", "không đuôi"),
        ("rong.pdf", b"", "phải có nội dung"),
        ("lon.pdf", bytes(desk.LARGEST_EVIDENCE + 1), "12 MB"),
    ],
    ids=["program", "web-page", "no-suffix", "empty", "large"],
)
def test_a_proof_nobody_needs_is_refused_and_not_kept(ward, name, data, words):
    delivery = ward.delivered("contracted")
    before = delivery.evidence.count()
    with pytest.raises(NotPossible, match=words):
        desk.add_file_evidence(delivery, data, name, "x", by=ward.officer)
    assert delivery.evidence.count() == before
    assert not (desk.evidence_root(delivery)).exists()


def test_proofs_of_a_publication_name_the_payload_and_the_place(ward, sandbox):
    ward.connect(sandbox)
    delivery = ward.delivered("facebook")
    proofs = {e.kind: e.value for e in delivery.evidence.all()}
    assert proofs["payload"] == delivery.digest
    assert proofs["remote_id"] == delivery.remote_id
    assert proofs["permalink"] == delivery.permalink
    assert delivery.delivered_at <= timezone.now()


def test_a_file_that_only_bears_the_name_of_a_picture_is_no_evidence(ward):
    delivery = ward.delivered("contracted")
    with pytest.raises(NotPossible, match=r"không phải là tệp \.png thật"):
        desk.add_file_evidence(delivery, b"<script>alert(1)</script>", "anh.png", "Ảnh", by=ward.officer)
