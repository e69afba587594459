"""A post read aloud by a button, heard on its page, and never beside other words than its own."""

from __future__ import annotations

import pytest

from assets.models import Asset
from campaigns.models import Post
from publisher.delivery.listening import sound_of
from publisher.delivery.shaping import content_of, words_of
from publisher.people.rights import Role


@pytest.fixture
def short(office) -> Post:
    post = office.post("Họp tổ dân phố số 7")
    Post.objects.filter(pk=post.pk).update(lead="", body="Mời bà con dự họp.", footer="")
    post.refresh_from_db()
    return post


def test_the_button_makes_a_recording_that_goes_out_with_the_post_until_its_words_change(office, short) -> None:
    officer = office.client(Role.OFFICER)
    assert "Tạo bản nghe" in officer.get(f"/tin-bai/{short.pk}").content.decode()
    told = officer.post(f"/tin-bai/{short.pk}/ban-nghe", follow=True).content.decode()
    assert "Đã có bản nghe dài" in told
    sound = content_of(short).sound
    assert sound is not None
    assert (sound.media_type, 1 <= sound.seconds <= 9) == ("audio/mpeg", True)
    assert f'src="/ban-nghe/{sound.sha256[:16]}"' in told
    heard = officer.get(f"/ban-nghe/{sound.sha256[:16]}")
    assert (heard.status_code, heard["Content-Type"]) == (200, "audio/mpeg")

    officer.post(f"/tin-bai/{short.pk}/ban-nghe")
    assert Asset.objects.filter(media_type="audio/mpeg").count() == 1, "what there is is not made again"

    short.title = "Họp tổ dân phố số 8"
    assert sound_of(short, words_of(short)) is None


def test_a_recording_is_neither_made_nor_found_where_a_word_cannot_be_read(office, short) -> None:
    Post.objects.filter(pk=short.pk).update(body="Theo QXZT, bà con chú ý.")
    told = office.client(Role.OFFICER).post(f"/tin-bai/{short.pk}/ban-nghe", follow=True).content.decode()
    assert "Còn chữ chưa có cách đọc (QXZT)" in told
    assert not Asset.objects.filter(media_type="audio/mpeg").exists()


def test_what_is_with_the_approver_gets_no_new_recording(office) -> None:
    post = office.submitted("Chờ duyệt").post
    officer = office.client(Role.OFFICER)
    assert "Tạo bản nghe" not in officer.get(f"/tin-bai/{post.pk}").content.decode()
    told = officer.post(f"/tin-bai/{post.pk}/ban-nghe", follow=True).content.decode()
    assert "Bài đã trình duyệt" in told


def test_a_machine_without_a_voice_says_what_to_install(office, short, monkeypatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    told = office.client(Role.OFFICER).post(f"/tin-bai/{short.pk}/ban-nghe", follow=True).content.decode()
    assert "Máy chủ chưa có chương trình espeak-ng" in told
