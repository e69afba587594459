"""A disk that takes no more, made with the system's own limit on the size of a file."""

from __future__ import annotations

import io
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image

from campaigns.models import Plan
from campaigns.reading import PlanRefused
from channels.errors import Unavailable
from channels.page.register import NAME as REGISTER
from publisher.approval.drafting import attach_picture
from publisher.approval.review import approve, submit
from publisher.delivery import desk
from publisher.delivery.models import Delivery
from publisher.delivery.states import State
from publisher.intake.plans import import_plan
from publisher.reports.verification import verify_audit
from tests.ward import DECLARED, fresh, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file of this process grows beyond `size` bytes; writing more fails as on a full disk (EFBIG)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # Python would leave half a module behind
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        sys.dont_write_bytecode = written


def noise() -> bytes:
    """A picture that cannot be made small."""
    out = io.BytesIO()
    Image.frombytes("RGB", (900, 900), os.urandom(900 * 900 * 3)).save(out, "JPEG", quality=95)
    return out.getvalue()


def test_a_page_that_cannot_be_written_waits_and_stands_when_there_is_room_again(ward):
    post = ward.post("page")
    asset = attach_picture(post, noise(), "Ảnh", by=ward.officer, **DECLARED)
    version = submit(post, by=ward.officer)
    (delivery,) = approve(version, by=ward.approver, digest=version.digest)
    with files_up_to(asset.size // 2):
        turn()
    row = fresh(delivery)
    assert row.state == State.SCHEDULED
    assert "Chưa gửi gì: không ghi được" in row.last_error
    assert row.next_try_at > timezone.now()
    assert not row.account.held
    kept = {".lock", REGISTER, f"{REGISTER}-journal"}  # what a site is written with, of which a reader sees nothing
    left = [path for path in ward.site.rglob("*") if path.is_file() and path.name not in kept]
    assert left == [], "neither half a page nor scraps"

    turn(timezone.now() + timedelta(minutes=1))
    assert fresh(delivery).state == State.DELIVERED
    assert (ward.site / fresh(delivery).remote_id / "index.html").is_file()
    assert verify_audit() == []


def test_a_proof_that_cannot_be_kept_is_not_claimed_to_be(ward):
    delivery = ward.delivered("contracted")
    before = delivery.evidence.count()
    with files_up_to(3_000_000), pytest.raises(desk.NotPossible, match="không ghi được"):
        desk.add_file_evidence(
            delivery, b"%PDF-1.7\n" + os.urandom(5_000_000), "bien-ban.pdf", "Biên bản", by=ward.officer
        )
    assert delivery.evidence.count() == before
    folder = desk.evidence_root(delivery)
    assert not folder.exists() or not list(folder.iterdir())


def test_a_plan_that_cannot_be_kept_is_not_imported(ward):
    text = (Path(settings.BASE_DIR) / "publisher" / "samples" / "ke-hoach.md").read_bytes()
    before = Plan.objects.count()
    with files_up_to(1000), pytest.raises((OSError, Unavailable, PlanRefused)):
        import_plan(text + b"\n\nTh\xc3\xaam.\n", "ke-hoach.md", organisation=ward.organisation, by=ward.officer)
    assert Plan.objects.count() == before
    assert Delivery.objects.count() == 0
