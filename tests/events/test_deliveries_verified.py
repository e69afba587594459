"""Deliveries that do not agree with their log are found, whoever changed them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from publisher.delivery.models import Delivery
from publisher.reports.verification import verify_audit
from tests.ward import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

TAMPERING = {
    "a state nobody moved it to": lambda d, other: {"state": "withdrawn"},
    "another digest": lambda d, other: {"digest": "0" * 64},
    "another account": lambda d, other: {"account": other.account},
    "another version": lambda d, other: {"version": other.version},
    "another price": lambda d, other: {"cost": 5, "budget_line": other.organisation.budget_lines.first()},
}


@pytest.mark.parametrize("how", TAMPERING)
def test_a_delivery_that_was_tampered_with_is_found_and_named(ward, how):
    delivery, other = ward.delivered("page"), ward.delivered("contracted")
    assert verify_audit() == []
    Delivery.objects.filter(pk=delivery.pk).update(**TAMPERING[how](delivery, other))
    (finding,) = verify_audit()
    assert (finding.kind, finding.what) == ("changed", f"delivery:{delivery.pk}")
    assert str(delivery.pk) in finding.message


def test_a_delivery_slipped_in_is_found(ward):
    delivery = ward.delivered("page")
    stranger = fresh(delivery)
    stranger.pk, stranger.ref, stranger.due_at = None, "00000000-0000-0000-0000-000000000001", timezone.now()
    stranger.save(force_insert=True)
    (finding,) = verify_audit()
    assert (finding.kind, finding.what) == ("inserted", f"delivery:{stranger.pk}")


def test_a_delivery_that_was_removed_is_found(ward):
    delivery = ward.one("page")
    Delivery.objects.filter(pk=delivery.pk).delete()
    (finding,) = verify_audit()
    assert (finding.kind, finding.what) == ("removed", f"delivery:{delivery.pk}")
