"""Which events an endpoint may ask for, in the words of the form. Pure."""

from __future__ import annotations

from collections.abc import Sequence

CHOICES = (
    ("delivery.delivered", "Bài đã đăng"),
    ("delivery.corrected", "Bài đã đính chính"),
    ("delivery.withdrawn", "Bài đã gỡ"),
    ("delivery.failed", "Không đăng được"),
    ("delivery.missed", "Lỡ giờ đăng"),
    ("delivery.unknown", "Không rõ đã đăng hay chưa"),
    ("delivery.*", "Mọi bước của lượt đăng"),
    ("post.*", "Tin bài: viết, trình, duyệt, trả lại"),
    ("account.*", "Kênh: tạm dừng, chạy lại, đổi cấu hình"),
    ("happening.*", "Sự kiện: thêm, dời, hủy"),
    ("campaign.*", "Chiến dịch"),
    ("plan.*", "Kế hoạch"),
    ("blackout.*", "Tạm dừng toàn đơn vị"),
)


def wants(kinds: Sequence[str], kind: str) -> bool:
    """Whether somebody who asked for `kinds` gets an event of `kind`; who asked for nothing gets everything."""
    room = kind.partition(".")[0]
    return not kinds or kind in kinds or f"{room}.*" in kinds


def words(kinds: Sequence[str]) -> list[str]:
    named = dict(CHOICES)
    return [named.get(kind, kind) for kind in kinds] or ["Tất cả"]
