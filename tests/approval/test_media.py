"""Pictures and videos of a post on their way out: fitted to each channel, approved by digest, those very bytes sent."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Iterator
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image

from assets.models import Asset, Rendition
from assets.videos import BadVideo
from campaigns.models import Post, PostPicture, PostState
from channels.contract import PictureNeeds
from publisher.approval.drafting import attach_picture, attach_video, detach_video, keep_picture
from publisher.approval.review import Refused, approve, submit
from publisher.config import config
from publisher.delivery.fitting import fit_content
from publisher.delivery.shaping import content_of, media, shape_post
from publisher.delivery.states import State
from tests.assets.films import film
from tests.ward import DECLARED, LATER, Ward, fresh, picture, turn, turn_until_quiet

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


WIDE = picture((3000, 1500))  # light, and larger than the page shows


@cache
def photo() -> bytes:
    """A telephone's photograph of 6 MB that was taken somewhere."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    exif.get_ifd(0x8825)[2] = (10.0, 46.0, 30.0)
    out = io.BytesIO()
    Image.effect_noise((2900, 2200), 20).convert("RGB").save(out, "JPEG", quality=100, exif=exif)
    return out.getvalue()


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The public site behind a web server of its own, at the address the office tells everybody."""
    (tmp_path / "trang").symlink_to(settings.SITE_ROOT)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(config, "public_url", f"http://127.0.0.1:{server.server_port}")
    yield config.origin
    server.shutdown()
    server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        return


def bare(ward: Ward, *kinds: str) -> Post:
    post = ward.post(*kinds)
    post.postpicture_set.all().delete()
    return post


def bodies(post: Post) -> dict[str, dict]:
    shaped = shape_post(Post.objects.get(pk=post.pk))
    assert not [one.problem for one in shaped if one.problem]
    return {one.account.kind: one.payload.body for one in shaped}


def test_a_photograph_of_six_megabytes_stands_on_page_zalo_and_facebook(ward, sandbox, web) -> None:
    assert len(photo()) > 6_000_000
    ward.connect(sandbox)
    sandbox.turn("fetch_pictures", 1)  # Zalo fetches from our page what the article names
    post = bare(ward, "page", "zalo", "facebook", "feed")
    kept = attach_picture(post, photo(), "Xe thu gom rác", by=ward.officer, name="IMG_0001.jpg", **DECLARED)

    version = submit(post, by=ward.officer)
    deliveries = approve(version, by=ward.approver, digest=version.digest)
    turn_until_quiet()
    assert {d.account.kind: fresh(d).state for d in deliveries} == dict.fromkeys(
        ("page", "zalo", "facebook", "feed"), State.DELIVERED
    )

    body = {rendering.kind: rendering.body for rendering in version.renderings.all()}
    (on_page,) = body["page"]["pictures"]
    file = ward.site / on_page["path"]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == on_page["sha256"]
    assert file.stat().st_size <= 1_000_000
    assert max(on_page["width"], on_page["height"]) == 2048
    assert b"somebody" not in file.read_bytes()
    assert body["zalo"]["article"]["cover"]["photo_url"] == f"{web}/trang/{ward.organisation.slug}/{on_page['path']}"
    assert [body["zalo"]["pictures"], [p["sha256"] for p in body["facebook"]["pictures"]]] == [[on_page["sha256"]]] * 2
    assert body["feed"]["pictures"][0]["size"] == file.stat().st_size
    assert version.content["pictures"][0]["sha256"] == kept.sha256 != on_page["sha256"]


def test_a_picture_is_fitted_once_and_the_officer_is_told_what_became_of_it(ward) -> None:
    post = bare(ward, "page", "feed", "contracted")
    kept = attach_picture(post, WIDE, "Xe thu gom rác", by=ward.officer, **DECLARED)
    first = {one.account.kind: one for one in shape_post(post)}
    made = Rendition.objects.get(of=kept, needs__startswith="image/").asset
    again = {one.account.kind: one for one in shape_post(post)}
    assert Rendition.objects.filter(of=kept, needs__startswith="image/").count() == 1
    assert {k: s.payload.digest for k, s in first.items()} == {k: s.payload.digest for k, s in again.items()}
    (told,) = [words for words in first["page"].preview.warnings if "đã nén" in words]
    assert told.startswith("Ảnh “Xe thu gom rác” đã nén cho kênh này: ")
    assert "3000×1500 còn 2048×1024 điểm" in told
    assert first["page"].payload.body["pictures"][0]["sha256"] == made.sha256
    assert first["contracted"].payload.body["pictures"][0]["sha256"] == kept.sha256, "who prints gets the best"


def test_a_picture_that_fits_goes_out_as_it_is_kept(ward) -> None:
    post = ward.post("page", "feed", "contracted")
    (asset,) = post.pictures.all()
    for body in bodies(post).values():
        assert [one["sha256"] for one in body["pictures"]] == [asset.sha256]
    assert not Rendition.objects.filter(of=asset, needs__startswith="image/").exists()
    assert "video" not in bodies(post)["page"], "what was approved before videos were known keeps its digest"


def test_a_channel_that_takes_less_than_the_page_gets_bytes_without_an_address(ward) -> None:
    """What stands at the address is another picture: no channel may be told otherwise."""
    post = bare(ward, "page")
    kept = attach_picture(post, WIDE, "Xe thu gom rác", by=ward.officer, **DECLARED)
    content = content_of(post)
    narrow = SimpleNamespace(automatic=True, picture_needs=PictureNeeds(longest_side=640))
    fitted, notes = fit_content(content, narrow, ward.organisation, media())
    (picture,) = fitted.pictures
    assert (picture.width, picture.url, len(notes)) == (640, "", 1)
    assert Rendition.objects.get(asset__sha256=picture.sha256).of == kept, "made from the best there is"


def test_a_picture_lost_from_the_store_is_told_on_the_post(ward) -> None:
    post = bare(ward, "page")
    kept = attach_picture(post, WIDE, "Xe thu gom rác", by=ward.officer, **DECLARED)
    media().path(kept.sha256).unlink()
    (shaped,) = shape_post(post)
    assert "“Xe thu gom rác” không còn trong kho" in shaped.problem
    kept_again = keep_picture(post, WIDE, "", ward.officer, "")
    assert kept_again == kept
    (shaped,) = shape_post(post)
    assert not shaped.problem


def test_a_video_stands_on_page_zalo_and_facebook(ward, sandbox, web) -> None:
    ward.connect(sandbox)
    sandbox.turn("fetch_pictures", 1)
    post = ward.post("page", "zalo", "facebook", "contracted", "loudspeaker")
    asset = attached(ward, post, weight=1_500_000)
    version = submit(Post.objects.get(pk=post.pk), by=ward.officer)
    named = {rendering.kind: rendering.body.get("video", {}).get("sha256") for rendering in version.renderings.all()}
    assert named == {"page": asset.sha256, "zalo": asset.sha256, "facebook": asset.sha256} | dict.fromkeys(
        ("contracted", "loudspeaker")
    )
    deliveries = approve(version, by=ward.approver, digest=version.digest)
    made = {delivery.account.kind: delivery for delivery in deliveries}
    for round_ in range(12):
        turn(timezone.now() + round_ * LATER)
    told = {kind: (fresh(delivery).state, fresh(delivery).last_error) for kind, delivery in made.items()}
    assert [told[kind] for kind in ("page", "zalo", "facebook")] == [(State.DELIVERED, "")] * 3
    assert not Rendition.objects.filter(of__organisation=ward.organisation, needs__startswith="image/").exists()


def attached(ward: Ward, post: Post, **made: object) -> Asset:
    attach_video(post, io.BytesIO(film(**made)), by=ward.officer, name="ngay-hoi.mp4")
    return Post.objects.get(pk=post.pk).video


def test_a_video_stands_on_the_page_with_its_cover_and_is_taken_away_with_it(ward) -> None:
    post = ward.post("page")
    asset = attached(ward, post, weight=300_000)
    assert (asset.media_type, asset.width, asset.size) == ("video/mp4", 1280, len(film(300_000)))
    version = submit(Post.objects.get(pk=post.pk), by=ward.officer)
    assert version.content["video"]["sha256"] == asset.sha256
    assert version.content["video"]["cover"]["sha256"] == post.pictures.get().sha256
    (delivery,) = approve(version, by=ward.approver, digest=version.digest)
    turn()
    path = version.renderings.get().body["video"]["path"]
    assert (ward.site / path).read_bytes() == film(300_000)
    html = (ward.site / fresh(delivery).remote_id / "index.html").read_text("utf-8")
    assert f'/{path}"' in html
    assert '<video controls preload="metadata"' in html
    assert "media-src 'self'" in html

    follow_up = ward.reworded(post, title="Đổi tên")
    turn_until_quiet()
    assert fresh(follow_up[0]).state == State.DELIVERED
    assert (ward.site / path).is_file()
    detach_video(Post.objects.get(pk=post.pk), by=ward.officer)
    ward.reworded(post, title="Không còn video")
    turn_until_quiet()
    assert not (ward.site / path).exists()


EDITS = {
    "a video more": lambda ward, post: attached(ward, post),
    "another video": lambda ward, post: attached(ward, post, filling=b"\x09"),
    "the video less": lambda ward, post: detach_video(post, by=ward.officer),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_the_video_voids_the_approval(ward, edit) -> None:
    post = ward.post("page")
    if edit != "a video more":
        attached(ward, post)
    version = submit(Post.objects.get(pk=post.pk), by=ward.officer)
    (delivery,) = approve(version, by=ward.approver, digest=version.digest)
    EDITS[edit](ward, Post.objects.get(pk=post.pk))
    assert Post.objects.get(pk=post.pk).state == PostState.DRAFT
    assert fresh(delivery).state == State.CANCELLED
    assert submit(Post.objects.get(pk=post.pk), by=ward.officer).digest != version.digest


def test_who_brought_the_video_does_not_approve_it(ward) -> None:
    post = ward.post("page")
    attach_video(post, io.BytesIO(film()), by=ward.approver)
    version = submit(Post.objects.get(pk=post.pk), by=ward.officer)
    with pytest.raises(Refused, match="tự duyệt"):
        approve(version, by=ward.approver, digest=version.digest)


def test_a_refused_video_leaves_the_post_and_the_store_alone(ward) -> None:
    post = ward.post("page")
    with pytest.raises(BadVideo, match="không phải video MP4"):
        attach_video(post, io.BytesIO(picture()), by=ward.officer)
    fresh_post = Post.objects.get(pk=post.pk)
    assert (fresh_post.video, fresh_post.revision) == (None, post.revision)
    assert PostPicture.objects.filter(post=post).count() == 1
