"""Samples of what `assets.made` draws, for the guide: a title card, five layouts, a series, posters."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from PIL import Image

from assets.cards import card
from assets.made.contents import Notice, Quote, Sheet
from assets.made.formats import A4, PORTRAIT, SQUARE, STORY, Format
from assets.made.lists import Entry, series
from assets.made.making import Look, paper, picture, seen

PICTURES = Path(__file__).resolve().parent.parent / "publisher" / "samples" / "pictures"
OFFICE = "UBND phường Sông Vàng"
FOOTER = "Đường dây nóng 0200 555 0118 · songvang.example"
GAP = 12  # pixels between pictures
EMBLEM = (PICTURES / "ba-thung-rac.jpg").read_bytes()
RIVERSIDE = (PICTURES / "tru-so-ben-song.jpg").read_bytes()
RIVER = Look(OFFICE, "river", "#0b6e4f", footer=FOOTER)
FRAME = Look(OFFICE, "frame", "#9c1c1c", footer=FOOTER, emblem=EMBLEM)
BAND = Look(OFFICE, "band", "#1f4e8c", footer=FOOTER, emblem=EMBLEM)
DRUM = Look(OFFICE, "drum", "#7a1f1f", footer=FOOTER)
PHOTO = Look(OFFICE, "photo", "#14524a", footer=FOOTER, background=RIVERSIDE)

SORRY = Quote(
    "Mỗi hồ sơ trễ hẹn là một buổi làm việc của bà con bị mất. Chúng tôi xin lỗi bằng văn bản và hẹn lại ngày cụ thể.",
    "Bà Nguyễn Thị Hằng",
    "Chủ tịch UBND phường Sông Vàng",
)
TALK = Notice(
    "Đối thoại giữa Chủ tịch phường với thanh niên",
    date(2026, 12, 5),
    "14 giờ 00 – 16 giờ 30",
    "Hội trường UBND phường, số 1 phố Bến Đò",
    "Gửi câu hỏi trước ngày 01/12",
)
WASTE = Sheet(
    "Phân loại rác tại nhà: ba thùng, ba màu",
    "Từ 01/01/2027, mọi hộ trong phường để riêng rác ngay từ trong bếp. Xe thu gom đến lúc 17 giờ 30 hằng ngày.",
    (
        "Thùng xanh lá: rác hữu cơ như cơm thừa, rau, vỏ trái cây",
        "Thùng xanh dương: giấy, chai nhựa, lon, kim loại sạch",
        "Thùng vàng: rác còn lại, túi bẩn, sành sứ vỡ",
        "Pin, bóng đèn hỏng: đưa tới nhà văn hóa tổ dân phố sáng thứ Bảy",
    ),
    "https://songvang.example/bai/phan-loai-rac-tai-nha",
    "Quét mã để đọc đầy đủ",
)
CITIZEN = (
    Entry("Nộp hồ sơ tại nhà", "Chụp giấy tờ bằng điện thoại, nhận kết quả qua bưu điện."),
    Entry("Tra cứu hồ sơ", "Biết hồ sơ đang ở bộ phận nào, còn mấy ngày."),
    Entry("Phản ánh hiện trường", "Gửi ảnh ổ gà, rác, nước ngập; phường trả lời trong 3 ngày làm việc."),
    Entry("Đặt lịch hẹn", "Chọn giờ đến, không phải chờ."),
    Entry("Nộp phí, lệ phí", "Trả bằng mã QR, có biên lai điện tử."),
    Entry("Sổ sức khỏe điện tử", "Mang theo mọi lần khám trong điện thoại."),
    Entry("Lịch tiêm chủng", "Nhắc trước mũi tiêm của con ba ngày."),
    Entry("Tin khẩn cấp", "Bão, cháy, mất nước: báo tới từng máy."),
    Entry("Bản đồ điểm công ích", "Trạm y tế, nhà văn hóa, điểm đổ rác cồng kềnh gần nhất."),
    Entry("Hóa đơn điện, nước", "Xem và trả một nơi."),
    Entry("Đăng ký học cho con", "Nộp hồ sơ đầu cấp, xem kết quả."),
    Entry("Giấy tờ số", "Căn cước, bảo hiểm y tế, giấy phép lái xe luôn bên mình."),
    Entry("Góp ý dự thảo", "Đọc và góp ý quy định trước khi ban hành."),
    Entry("Họp tổ dân phố", "Nhận giấy mời, bỏ phiếu ý kiến."),
    Entry("Học kỹ năng số", "Bài học 5 phút, có người hướng dẫn ở nhà văn hóa."),
)


def samples() -> Iterator[tuple[str, bytes]]:
    """Names in docs/images/ and JPEG data."""
    title = card(
        "Ngày hội chuyển đổi số phường Sông Vàng: cài đặt, hướng dẫn, hỏi đáp tại chỗ", OFFICE, accent="#0b6e4f"
    )
    yield "lam-anh-the-tieu-de.jpg", packed(side_by_side([opened(title)], height=420, columns=1))
    made = (
        (SORRY, RIVER, SQUARE),
        (SORRY, FRAME, SQUARE),
        (TALK, BAND, SQUARE),
        (SORRY, DRUM, PORTRAIT),
        (TALK, PHOTO, STORY),
    )
    layouts = [opened(picture(content, look, size).data) for content, look, size in made]
    yield "lam-anh-mau.jpg", packed(side_by_side(layouts, height=420, columns=5))
    (cards,) = series("15 tiện ích của ứng dụng công dân số", list(CITIZEN))
    drawn = [opened(picture(one, RIVER).data) for one in cards]
    yield "lam-anh-loat-the.jpg", packed(side_by_side(drawn, height=235, columns=4))
    posters = [poster(look, A4) for look in (RIVER, FRAME, BAND)]
    yield "lam-anh-to-in.jpg", packed(side_by_side(posters, height=620, columns=3))


def poster(look: Look, size: Format) -> Image.Image:
    return opened(seen(paper(WASTE, look, size).data))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def side_by_side(pictures: list[Image.Image], *, height: int, columns: int) -> Image.Image:
    """Rows of `columns` pictures, each `height` pixels high."""
    sized = [one.resize((round(one.width * height / one.height), height), Image.Resampling.LANCZOS) for one in pictures]
    rows = [sized[start : start + columns] for start in range(0, len(sized), columns)]
    width = max(sum(one.width + GAP for one in row) - GAP for row in rows)
    sheet = Image.new("RGB", (width, len(rows) * (height + GAP) - GAP), "white")
    for place, row in enumerate(rows):
        left = 0
        for one in row:
            sheet.paste(one, (left, place * (height + GAP)))
            left += one.width + GAP
    return sheet


def packed(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()
