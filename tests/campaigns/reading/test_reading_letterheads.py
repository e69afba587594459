"""Letterheads of every kind of body, in every order that extractors leave. All bodies are invented."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from campaigns.reading import Reading, read_plan, to_json

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM\n"
PLACED = "Sông Vàng, ngày 03 tháng 02 năm 2026\n"
TITLE = "Tuyên truyền phòng, chống cháy nổ trên địa bàn năm 2026"
DAY = date(2026, 2, 3)
BODY = """Căn cứ Kế hoạch số 6/KH-UBND ngày 12/01/2026 của UBND tỉnh Bến Lúa về phòng cháy; đơn vị lập kế hoạch như sau:
I. MỤC ĐÍCH
1. Để bà con cùng phòng cháy.
II. NỘI DUNG TUYÊN TRUYỀN
1. Tuyên truyền việc không câu mắc điện.
2. Tuyên truyền cách dùng bình chữa cháy.
III. TỔ CHỨC THỰC HIỆN
1. Phòng Văn hóa - Xã hội: chủ trì.
Nơi nhận:
- Lưu: VT.
CHỦ TỊCH
Đoàn Thị Mây
"""


def _plan(head: str, title: str = TITLE) -> Reading:
    return read_plan(f"{head}KẾ HOẠCH\n{title}\n{BODY}".encode(), "thu.txt")


def _codes(plan: Reading) -> set[str]:
    return {w.code for w in plan.warnings}


# lines of the left column, number, name and level of the issuer, its parent
BODIES: list[tuple[str, str, str, str, str | None]] = [
    ("ỦY BAN NHÂN DÂN/PHƯỜNG SÔNG VÀNG", "15/KH-UBND", "UBND phường Sông Vàng", "xa", None),
    ("UỶ BAN NHÂN DÂN/THỊ TRẤN SÔNG VÀNG", "15/KH-UBND", "UBND thị trấn Sông Vàng", "xa", None),
    ("UBND QUẬN 5/ỦY BAN NHÂN DÂN PHƯỜNG 12", "15/KH-UBND", "UBND phường 12", "xa", "UBND quận 5"),
    ("ỦY BAN NHÂN DÂN/ĐẶC KHU ĐẢO SIM", "15/KH-UBND", "UBND đặc khu Đảo Sim", "xa", None),
    ("UBND TỈNH BẾN LÚA/SỞ LAO ĐỘNG - THƯƠNG BINH/VÀ XÃ HỘI", "15/KH-SLĐTBXH",
     "Sở Lao động - Thương binh và Xã hội", "so", "UBND tỉnh Bến Lúa"),
    ("BỘ VĂN HÓA, THỂ THAO/VÀ DU LỊCH", "15/KH-BVHTTDL", "Bộ Văn hóa, Thể thao và Du lịch", "tw", None),
    ("BỘ TÀI CHÍNH/TỔNG CỤC HẢI QUAN", "15/KH-TCHQ", "Tổng cục Hải quan", "tw", "Bộ Tài chính"),
    ("SỞ Y TẾ BẾN LÚA/TRUNG TÂM KIỂM SOÁT/BỆNH TẬT TỈNH BẾN LÚA", "15/KH-KSBT",
     "Trung tâm Kiểm soát bệnh tật tỉnh Bến Lúa", "khac", "Sở Y tế Bến Lúa"),
    ("UBND PHƯỜNG SÔNG VÀNG/VĂN PHÒNG HĐND VÀ UBND", "15/KH-VP", "Văn phòng HĐND và UBND", "khac",
     "UBND phường Sông Vàng"),
    ("CỤC THUẾ/THUẾ TỈNH BẾN LÚA", "15/KH-TBL", "Thuế tỉnh Bến Lúa", "khac", "Cục Thuế"),
    ("BẢO HIỂM XÃ HỘI VIỆT NAM/BẢO HIỂM XÃ HỘI TỈNH BẾN LÚA", "15/KH-BHXH", "Bảo hiểm xã hội tỉnh Bến Lúa", "khac",
     "Bảo hiểm xã hội Việt Nam"),
    ("KHO BẠC NHÀ NƯỚC/KHO BẠC NHÀ NƯỚC KHU VỰC III", "15/KH-KBNN", "Kho bạc Nhà nước khu vực III", "khac",
     "Kho bạc Nhà nước"),
    ("CÔNG AN TP LẠC AN/CÔNG AN PHƯỜNG SÔNG VÀNG", "15/KH-CAP-TH", "Công an phường Sông Vàng", "khac",
     "Công an thành phố Lạc An"),
    ("SỞ Y TẾ/BỆNH VIỆN ĐA KHOA KHU VỰC SÔNG VÀNG", "15/KH-BVĐK", "Bệnh viện Đa khoa khu vực Sông Vàng", "khac",
     "Sở Y tế"),
    ("UBND PHƯỜNG SÔNG VÀNG/TRƯỜNG TIỂU HỌC LÊ VĂN ĐÒ", "15/KH-THLVĐ", "Trường Tiểu học Lê Văn Đò", "khac",
     "UBND phường Sông Vàng"),
    ("MẶT TRẬN TỔ QUỐC VIỆT NAM/ỦY BAN MTTQ VIỆT NAM PHƯỜNG SÔNG VÀNG/BAN THƯỜNG TRỰC", "15/KH-MTTQ-BTT",
     "Ủy ban MTTQ Việt Nam phường Sông Vàng", "xa", "Mặt trận Tổ quốc Việt Nam"),
    ("HỘI LHPN TỈNH BẾN LÚA/HỘI LHPN PHƯỜNG SÔNG VÀNG", "15/KH-HPN", "Hội LHPN phường Sông Vàng", "xa",
     "Hội LHPN tỉnh Bến Lúa"),
    ("UBND TỈNH BẾN LÚA/BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ", "15/KH-BCĐ", "Ban Chỉ đạo Chuyển đổi số", "khac",
     "UBND tỉnh Bến Lúa"),
    ("UBND PHƯỜNG SÔNG VÀNG/HỘI ĐỒNG PHỐI HỢP/PHỔ BIẾN, GIÁO DỤC PHÁP LUẬT", "15/KH-HĐPH",
     "Hội đồng phối hợp phổ biến, giáo dục pháp luật", "khac", "UBND phường Sông Vàng"),
    ("ỦY BAN BẦU CỬ/PHƯỜNG SÔNG VÀNG", "15/KH-UBBC", "Ủy ban bầu cử phường Sông Vàng", "xa", None),
    ("TÒA ÁN NHÂN DÂN TỈNH BẾN LÚA/TÒA ÁN NHÂN DÂN KHU VỰC 2", "15/KH-TAND", "Tòa án nhân dân khu vực 2", "khac",
     "Tòa án nhân dân tỉnh Bến Lúa"),
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[2])
def test_a_body_of_the_state_is_named_as_prose_writes_it(body: tuple[str, str, str, str, str | None]) -> None:
    left, number, name, level, parent = body
    plan = _plan(f"{left.replace('/', chr(10))}\n{STATE}Số: {number}\n{PLACED}")
    assert plan.issuer is not None
    assert (plan.issuer.name, plan.issuer.level, plan.issuer.parent) == (name, level, parent)
    assert (plan.number, plan.date, plan.title) == (number, DAY, TITLE)
    assert len(plan.themes) == 2


PARTY_BODIES = [
    ("ĐẢNG BỘ TỈNH BẾN LÚA/ĐẢNG ỦY PHƯỜNG SÔNG VÀNG", "12-KH/ĐU", "Đảng ủy phường Sông Vàng", "xa"),
    ("HUYỆN ỦY SÔNG VÀNG", "105-KH/HU", "Huyện ủy Sông Vàng", "huyen"),
    ("TỈNH ỦY BẾN LÚA/BAN TUYÊN GIÁO VÀ DÂN VẬN", "31-KH/BTGDVTU", "Ban Tuyên giáo và Dân vận", "khac"),
    ("ĐẢNG BỘ PHƯỜNG SÔNG VÀNG/CHI BỘ TỔ DÂN PHỐ 4", "02-KH/CB", "Chi bộ Tổ dân phố 4", "khac"),
]


@pytest.mark.parametrize(("left", "number", "name", "level"), PARTY_BODIES)
def test_a_body_of_the_party_has_its_own_letterhead(left: str, number: str, name: str, level: str) -> None:
    plan = _plan(f"{left.replace('/', chr(10))}\n*\nSố: {number}\n{PARTY}{PLACED}")
    assert plan.issuer is not None
    assert (plan.issuer.name, plan.issuer.level) == (name, level)
    assert (plan.number, plan.date) == (number, DAY)


def test_a_union_names_itself_where_others_have_the_motto() -> None:
    head = f"ĐOÀN PHƯỜNG SÔNG VÀNG\n***\nSố: 05-KH/ĐTN\nĐOÀN TNCS HỒ CHÍ MINH\n{PLACED}"
    issuer = _plan(head).issuer
    assert issuer is not None
    assert issuer.name == "Đoàn phường Sông Vàng"


UBND = "ỦY BAN NHÂN DÂN\nPHƯỜNG SÔNG VÀNG\n"
ORDERS = {
    "left then right": f"{UBND}Số: 15/KH-UBND\n{STATE}{PLACED}",
    "right then left": f"{STATE}{PLACED}{UBND}Số: 15/KH-UBND\n",
    "in one line by spaces": "ỦY BAN NHÂN DÂN        CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
    f"PHƯỜNG SÔNG VÀNG           Độc lập - Tự do - Hạnh phúc\n  Số: 15 /KH-UBND      {PLACED}",
    "in one line, run together": "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
    f"PHƯỜNG SÔNG VÀNG Độc lập - Tự do - Hạnh phúc\nSố: 15/KH-UBND {PLACED}",
    "in one line by tabs": "ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
    f"PHƯỜNG SÔNG VÀNG\tĐộc lập - Tự do - Hạnh phúc\nSố: 15/KH-UBND\t{PLACED}",
    "as a table": "| ỦY BAN NHÂN DÂN<br>PHƯỜNG SÔNG VÀNG | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |\n|---|---|\n"
    f"| Số: 15/KH-UBND | {PLACED.strip()} |\n\n",
    "in pieces": "ỦY\nBAN NHÂN DÂN\nPHƯỜNG SÔNG VÀNG\n-------\n|\nCỘNG HÒA XÃ\nHỘI CHỦ NGHĨA VIỆT NAM\n"
    "Độc lập - Tự do -\nHạnh phúc\n|\nSố:\n15/KH-UBND\n|\nSông\nVàng, ngày 03\ntháng 02 năm 2026\n|\n",
    "below stamps": f"Ký bởi: UBND phường Sông Vàng\nNgày ký: 05-02-2026 08:11:02\nĐẾN Số: 1234 Ngày: 05/2/2026\n{UBND}"
    f"{STATE}Số: 15/KH-UBND\n{PLACED}",
    "as a draft": f"DỰ THẢO 10/01/2026\n{UBND}{STATE}Số: 15/KH-UBND\n{PLACED}",
}


@pytest.mark.parametrize("order", ORDERS)
def test_the_columns_of_a_letterhead_come_in_any_order(order: str) -> None:
    plan = _plan(ORDERS[order])
    assert plan.issuer is not None
    assert (plan.issuer.name, plan.number, plan.date) == ("UBND phường Sông Vàng", "15/KH-UBND", DAY)
    assert plan.title == TITLE


@pytest.mark.parametrize(
    ("written", "number", "sure"),
    [
        ("Số: 15/KH-UBND-VHXH", "15/KH-UBND-VHXH", True),
        ("Số 15/KH–UBND", "15/KH-UBND", True),
        ("Số:15 / KH - UBND", "15/KH-UBND", True),
        ("Số: 15/2026/KH-UBND", "15/2026/KH-UBND", True),
        ("15/KH-UBND", "15/KH-UBND", True),
        ("Số: 2 15/KH-UBND", None, True),
        ("Số: 12/THSV-CM", "12/THSV-CM", False),
        ("Số:……/KH-UBND", None, True),
        ("Số:        /KH-UBND", None, True),
        ("Số: ____/KH-UBND", None, True),
    ],
)
def test_a_number_is_read_in_every_spelling_and_no_blank_one(written: str, number: str | None, sure: bool) -> None:
    plan = _plan(f"{UBND}{written}\n{STATE}{PLACED}")
    assert plan.number == number
    assert ("missing_number" in _codes(plan)) == (number is None)
    assert (plan.sources["number"].confidence == 1.0) == sure


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Sông Vàng, ngày 3 tháng 2 năm 2026", DAY),
        ("Sông Vàng,  ngày  03  tháng  02,  năm  2026", DAY),
        ("Ngày 03 tháng 02 năm 2026", DAY),
        ("Sông Vàng, ngày 3/2/2026", DAY),
        ("Sông Vàng, 03/02/2026", DAY),
        ("Sông Vàng, ngày 1 3 tháng 02 năm 2026", None),
        ("Sông Vàng, ngày     tháng    năm 2026", None),
        ("Sông Vàng, ngày     tháng 3 năm 2026", None),
        ("Sông Vàng, ngày ___/___/2026", None),
        ("Sông Vàng, ngày … tháng … năm …", None),
    ],
)
def test_a_date_is_read_in_every_spelling_and_a_blank_one_is_none(written: str, day: date | None) -> None:
    plan = _plan(f"{UBND}Số: 15/KH-UBND\n{STATE}{written}\n")
    assert plan.date == day
    assert ("missing_date" in _codes(plan)) == (day is None)


def test_a_date_above_the_signature_serves_where_the_letterhead_has_none() -> None:
    text = f"{UBND}Số: 15/KH-UBND\n{STATE}KẾ HOẠCH\n{TITLE}\n{BODY}".replace("Nơi nhận", f"{PLACED}Nơi nhận")
    plan = read_plan(text.encode(), "thu.txt")
    assert plan.date == DAY
    assert plan.sources["date"].confidence < 1


TITLES = {
    "four lines": ("Tuyên truyền, phổ biến\npháp luật về phòng cháy\nvà cứu nạn\ntrên địa bàn phường năm 2026", None),
    "blank lines between": ("Tuyên truyền, phổ biến\n\npháp luật về phòng cháy\n\ntrên địa bàn phường năm 2026", None),
    "in quotes": ("“Phường Sông Vàng không rác” năm 2026", None),
    "V/v": ("V/v tuyên truyền phòng cháy năm 2026", None),
    "small first letter": ("về công tác tuyên truyền phòng cháy năm 2026", None),
    "another document's number": ("Thực hiện Chỉ thị số 15/CT-TTg của Thủ tướng Chính phủ về phòng cháy", None),
    "what it hangs on": (f"{TITLE}\n(Kèm theo Công văn số 88/UBND-VX ngày 01/02/2026 của UBND tỉnh)", TITLE),
    "grounds of other words": (f"{TITLE}\nTrong những năm qua, công tác phòng cháy trên địa bàn đã có kết quả.", TITLE),
    "a rule below": (f"{TITLE}\n-------------", TITLE),
}  # fmt: skip


@pytest.mark.parametrize("shape", TITLES)
def test_a_title_is_whole_and_nothing_else(shape: str) -> None:
    written, title = TITLES[shape]
    plan = _plan(f"{UBND}Số: 15/KH-UBND\n{STATE}{PLACED}", written)
    assert plan.title == (title or " ".join(written.split()))
    assert (plan.number, plan.date) == ("15/KH-UBND", DAY)


@pytest.mark.parametrize("kind", ["KẾ HOẠCH:", "KẾ HOẠCH (DỰ THẢO)", "K Ế   H O Ạ C H", "Kế hoạch", "# KẾ HOẠCH"])
def test_the_line_that_names_the_kind_has_many_shapes(kind: str) -> None:
    text = f"{UBND}Số: 15/KH-UBND\n{STATE}{PLACED}{kind}\n{TITLE}\n{BODY}"
    assert read_plan(text.encode(), "thu.txt").title == TITLE


@pytest.mark.parametrize(
    "aside",
    [
        "(Ban hành kèm theo Quyết định số 61/QĐ-UBND ngày 9 tháng 02 năm 2026 của Chủ tịch UBND phường Sông Vàng)",
        "(Kèm theo Công văn số 61/UBND-VX ngày 09/02/2026 của UBND phường Sông Vàng)",
    ],
)
def test_the_number_of_the_document_a_plan_hangs_on_is_not_its_own(aside: str) -> None:
    plan = _plan("", f"{TITLE}\n{aside}")
    assert (plan.number, plan.date, plan.title) == (None, None, TITLE)
    assert plan.issuer is not None
    assert plan.issuer.name == "UBND phường Sông Vàng"
    warning = next(w for w in plan.warnings if w.code == "attached_plan")
    assert "9/2/2026" in warning.message
    assert warning.source is not None


def test_a_plan_whose_own_letterhead_stands_behind_the_letter_it_came_with() -> None:
    letter = f"UBND TỈNH BẾN LÚA\n{STATE}Số: 61/UBND-VX\nBến Lúa, ngày 09 tháng 02 năm 2026\nV/v gửi kế hoạch\n"
    letter += "Kính gửi: Các phường.\nUBND tỉnh gửi kế hoạch để thực hiện.\n" + "Đề nghị các phường đọc kỹ.\n" * 6
    plan = _plan(f"{letter}TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nLê Văn Đò\n{UBND}{STATE}Số: 15/KH-UBND\n{PLACED}")
    assert plan.issuer is not None
    assert (plan.number, plan.date, plan.issuer.name) == ("15/KH-UBND", DAY, "UBND phường Sông Vàng")


def test_a_copy_that_lost_its_centred_lines_is_a_plan_by_its_number() -> None:
    text = """ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |
Số: 983/KH-UBND | Bến Lúa, ngày 15 tháng 5 năm 2026 |
Thực hiện Quyết định số 471/QĐ-TTg ngày 26/4/2019 của Thủ tướng Chính phủ.
Ủy ban nhân dân tỉnh ban hành Kế hoạch truyền thông bến sạch trên địa bàn tỉnh như sau:
1. Nhắc bà con giữ bến.
"""
    plan = read_plan(text.encode(), "thu.txt")
    assert plan.issuer is not None
    assert (plan.issuer.name, plan.number) == ("UBND tỉnh Bến Lúa", "983/KH-UBND")
    assert plan.title == "truyền thông bến sạch trên địa bàn tỉnh"
    assert plan.sources["issuer"].confidence < 1
    assert {"title_from_sentence", "no_themes"} <= _codes(plan)


def test_a_name_in_full_in_the_sentence_completes_that_of_the_letterhead() -> None:
    said = "Trung tâm Trợ giúp pháp lý tỉnh Bến Lúa (sau đây gọi tắt là Trung tâm) xây dựng Kế hoạch như sau:\n"
    head = f"SỞ TƯ PHÁP\nTRUNG TÂM TRỢ GIÚP PHÁP LÝ\n{STATE}Số: 15/KH-TTTGPL\n{PLACED}"
    plan = read_plan(f"{head}KẾ HOẠCH\n{TITLE}\n{said}{BODY}".encode(), "thu.txt")
    assert plan.issuer is not None
    assert plan.issuer.name == "Trung tâm Trợ giúp pháp lý tỉnh Bến Lúa"


def _confidences(value: Any) -> list[float]:
    if isinstance(value, dict):
        own = [value["confidence"]] if "confidence" in value else []
        return own + [c for inner in value.values() for c in _confidences(inner)]
    return [c for inner in value for c in _confidences(inner)] if isinstance(value, list) else []


def test_nothing_read_from_a_poor_scan_is_surer_than_the_scan() -> None:
    text = """UY BAN NHAN DAN CONG HOA XA HOI CHU NGHIA VIET NAM
PHUONG SONG VANG Doc lap - Tu do - Hanh phuc
So: 15 /KH-UBND Song Vang, ngay l0 thang 02 nam 2026
KE HOACH
Tuyen truyen phong chong chay no nam 2026
Can cu Ke hoach cua tinh, UBND phuong xay dung ke hoach voi cac noi dung cu the nhu sau:
I. MUC DICH
1. De ba con cung nhau phong chay va biet cach chua chay tai cho.
II. NOI DUNG TUYEN TRUYEN
l. Tuyen truyen viec khong cau mac dien trai phep tai nha.
2. Tuyen truyen cach dung binh chua chay.
III. TO CHUC THUC HIEN
1. Phong Van hoa: chu tri.
"""
    plan = read_plan(text.encode(), "thu.txt")
    assert (plan.number, plan.date) == ("15/KH-UBND", date(2026, 2, 10))
    assert [(s.label, s.role) for s in plan.sections] == [("I", "purpose"), ("II", "themes"), ("III", "organisation")]
    assert len(plan.themes) == 2
    assert max(_confidences(to_json(plan))) < 1


def test_a_ward_that_sounds_like_a_kind_of_document_is_a_place() -> None:
    plan = _plan(f"ỦY BAN NHÂN DÂN\nPHƯỜNG AN THỊNH\nSố: 15/KH-UBND\n{STATE}{PLACED}")
    assert plan.doc_type == "Kế hoạch"
    assert plan.issuer
    assert plan.issuer.name == "UBND phường An Thịnh"
