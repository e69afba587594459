"""Every class of error a channel raises leads to the right state of the delivery and of its account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Rendering
from channels.remote import is_loopback
from publisher.delivery.accounts import lift
from publisher.delivery.claim import claim_due
from publisher.delivery.models import Account, Delivery
from publisher.delivery.retry import UNAVAILABLE
from publisher.delivery.sending import deliver
from publisher.delivery.states import State
from publisher.events.models import Event
from tests.services import free_port
from tests.ward import DECLARED, fresh, picture, queued, states, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def held_events(account: Account) -> int:
    return Event.objects.filter(kind="account.held", subject=f"account:{account.pk}").count()


@pytest.mark.parametrize("fault", ["code_190_460", "code_190_463", "code_200"])
def test_a_dead_token_holds_the_account_once_and_keeps_the_posts(ward, sandbox, fault):
    ward.connect(sandbox)
    sandbox.fault("facebook", "photos", fault, times=10)
    deliveries = [ward.one("facebook", title=f"Tin số {n}") for n in range(3)]
    turn()
    account = fresh(deliveries[0]).account
    assert account.held
    assert account.held_reason
    assert held_events(account) == 1, "people are told once, not post by post"
    assert states(*deliveries) == [State.SCHEDULED] * 3
    assert sum(fresh(d).attempts_made for d in deliveries) == 1, "what was queued behind it is not tried"
    assert turn() == 0


def test_lifting_the_hold_resumes_in_order(ward, sandbox):
    ward.connect(sandbox)
    sandbox.fault("facebook", "photos", "code_190_463")
    deliveries = [ward.one("facebook", title=f"Tin số {n}") for n in range(3)]
    turn()
    lift(ward.accounts["facebook"], by=ward.admin)
    turn()
    assert states(*deliveries) == [State.DELIVERED] * 3
    assert [post["message"].split("\n")[0] for post in sandbox.posts("facebook")][1:] == ["Tin số 1", "Tin số 2"]


@pytest.mark.parametrize("pace", [0, 60])
def test_a_throttled_account_rests_as_long_as_the_vendor_says(ward, sandbox, pace):
    ward.connect(sandbox)
    ward.account("facebook", pace_per_minute=pace)
    sandbox.fault("facebook", "photos", "throttle_80001", seconds=600)
    first = ward.one("facebook", title="Tin đầu")
    before = timezone.now()
    turn()
    row = fresh(first)
    assert row.state == State.SCHEDULED
    assert row.next_try_at > before + timedelta(seconds=590)
    assert not row.account.held

    second = ward.one("facebook", title="Tin sau")
    turn()
    assert fresh(second).state == State.SCHEDULED, "the whole account rests, not the one post"
    assert fresh(second).attempts_made == 0
    assert turn(before + timedelta(seconds=590)) == 0
    ward.account("facebook", rests_until=timezone.now())  # the ten minutes are over
    Delivery.objects.filter(pk=first.pk).update(next_try_at=timezone.now())
    for seconds in (0, 2, 4):
        turn(timezone.now() + timedelta(seconds=seconds))
    assert states(first, second) == [State.DELIVERED] * 2


@pytest.mark.parametrize("fault", ["success_false", "code_text"])
def test_content_the_vendor_refuses_fails_at_once(ward, sandbox, fault):
    ward.connect(sandbox)
    sandbox.fault("facebook", "photos", fault)
    delivery = ward.delivered("facebook")
    assert delivery.state == State.FAILED
    assert not delivery.account.held
    assert delivery.last_error
    assert sandbox.posts("facebook") == []


def test_the_attempt_keeps_the_vendors_own_codes_and_no_token(ward, sandbox):
    ward.connect(sandbox)
    sandbox.fault("facebook", "photos", "code_190_463")
    (attempt,) = ward.delivered("facebook").attempts.all()
    assert (attempt.code, attempt.subcode, attempt.error_class) == ("190", "463", "Unauthorized")
    assert "sandbox-page-token" not in str(attempt.__dict__)


def test_a_vendor_that_is_away_is_tried_again_later_and_later(ward):
    url = f"http://127.0.0.1:{free_port()}"
    assert is_loopback(url)
    ward.account("facebook", settings={"page_id": "100000000000001", "api_url": url})
    from publisher.delivery.accounts import set_secrets

    set_secrets(ward.accounts["facebook"], {"access_token": "t"}, by=ward.admin)
    delivery = ward.one("facebook")
    waits = []
    for _ in range(UNAVAILABLE.most):
        now = timezone.now()
        Delivery.objects.filter(pk=delivery.pk).update(next_try_at=now)
        Account.objects.update(rests_until=None)
        turn()
        row = fresh(delivery)
        waits.append((row.next_try_at - now).total_seconds())
        if row.state == State.FAILED:
            break
    assert row.state == State.FAILED
    assert row.attempts_made == UNAVAILABLE.most
    assert "không kết nối được" in row.last_error
    assert waits[0] < waits[2] < waits[4], waits


def test_waiting_for_the_vendors_pace_does_not_use_up_the_tries(ward, sandbox):
    ward.connect(sandbox)
    sandbox.fault("facebook", "photos", "throttle_4", times=UNAVAILABLE.most + 2)
    delivery = ward.one("facebook")
    for _ in range(UNAVAILABLE.most + 2):
        Account.objects.update(paced_until=None, rests_until=None)
        Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now())
        turn()
    assert fresh(delivery).state == State.SCHEDULED
    assert fresh(delivery).attempts_made == UNAVAILABLE.most + 2
    api = ward.accounts["facebook"].settings
    ward.account("facebook", paced_until=None, settings={**api, "api_url": f"http://127.0.0.1:{free_port()}"})
    Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now())
    turn()
    assert fresh(delivery).state == State.SCHEDULED, "the first time it cannot be reached is not the last"


def test_an_account_without_its_settings_is_held_and_says_what_is_missing(ward):
    ward.account("facebook")
    delivery = ward.delivered("facebook")
    assert delivery.state == State.SCHEDULED
    assert delivery.account.held
    assert "Mã Trang" in delivery.account.held_reason
    assert "Mã truy cập" in delivery.account.held_reason


def test_a_payload_changed_in_the_database_is_not_sent(ward, sandbox):
    ward.connect(sandbox)
    delivery = ward.one("facebook")
    rendering = Rendering.objects.get(version=delivery.version, account=delivery.account)
    rendering.body = {**rendering.body, "message": "Nội dung không ai duyệt"}
    rendering.save(update_fields=["body"])
    turn()
    delivery = fresh(delivery)
    assert delivery.state == State.FAILED
    assert "không khớp mã băm đã duyệt" in delivery.last_error
    assert sandbox.posts("facebook") == []
    assert sandbox.record() == []


def test_a_payload_changed_while_in_doubt_stays_with_a_person(ward, sandbox):
    ward.connect(sandbox)
    sandbox.fault("facebook", "photos", "reset_after_commit")
    delivery = ward.delivered("facebook")
    Rendering.objects.filter(version=delivery.version).update(body={"message": "khác", "link": "", "pictures": []})
    Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now())
    turn()
    delivery = fresh(delivery)
    assert delivery.state == State.UNKNOWN
    assert "không khớp" in delivery.last_error
    assert delivery.lease is None


def test_a_picture_that_is_gone_fails_before_anything_is_sent(ward, sandbox):
    from publisher.delivery.shaping import media

    ward.connect(sandbox)
    post = ward.post("facebook")
    from publisher.approval.drafting import attach_picture
    from publisher.approval.review import approve, submit

    asset = attach_picture(post, picture((333, 222), "navy"), "Ảnh", by=ward.officer, **DECLARED)
    version = submit(post, by=ward.officer)
    (delivery,) = approve(version, by=ward.approver, digest=version.digest)
    media().path(asset.sha256).unlink()
    turn()
    assert fresh(delivery).state == State.FAILED
    assert "ảnh" in fresh(delivery).last_error
    assert sandbox.posts("facebook") == []


def test_a_message_delivered_twice_sends_once(ward, sandbox):
    ward.connect(sandbox)
    delivery = ward.one("facebook")
    claim = queued(delivery)
    deliver(*claim)
    deliver(*claim)
    assert len(sandbox.posts("facebook")) == 1
    assert fresh(delivery).attempts_made == 1


def test_a_message_that_comes_after_its_lease_leaves_without_a_trace(ward, sandbox):
    ward.connect(sandbox)
    delivery = ward.one("facebook")
    stale = queued(delivery)
    turn(timezone.now() + timedelta(minutes=5))  # back in line, claimed anew, sent
    deliver(*stale)
    assert len(sandbox.posts("facebook")) == 1


def test_a_held_account_is_left_alone_even_when_its_delivery_is_queued_already(ward, sandbox):
    from publisher.delivery.accounts import hold

    ward.connect(sandbox)
    delivery = ward.one("facebook")
    claims = claim_due(timezone.now())
    hold(ward.accounts["facebook"], reason="Đổi mã truy cập", by=ward.admin)
    for claim in claims:
        deliver(*claim)
    assert fresh(delivery).state == State.SCHEDULED
    assert sandbox.posts("facebook") == []
