"""Shapes of plans that the samples do not show: saved from the web, broken columns, other bodies. All invented."""

from __future__ import annotations

from datetime import date

import pytest

from campaigns.reading import PlanRefused, Reading, read_plan

HEAD = """ỦY BAN NHÂN DÂN
PHƯỜNG SÔNG VÀNG
Số: 21/KH-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Sông Vàng, ngày 09 tháng 02 năm 2026
"""
BASE = """Căn cứ Kế hoạch số 6/KH-UBND ngày 12/01/2026 của UBND thành phố Lạc An, UBND phường ban hành Kế hoạch như sau:
"""
BODY = """I. MỤC ĐÍCH
1. Để bà con cùng giữ bến nước sạch.
II. NỘI DUNG TUYÊN TRUYỀN
1. Tuyên truyền việc không đổ rác xuống sông.
2. Tuyên truyền lịch thu gom rác cồng kềnh.
III. TỔ CHỨC THỰC HIỆN
1. Phòng Văn hóa - Xã hội: chủ trì, báo cáo UBND phường trước ngày 20/11/2026.
"""
SIGNED = """TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Đoàn Thị Mây
"""
TITLE = "Tuyên truyền giữ sạch bến sông năm 2026"


def _read(text: str) -> Reading:
    return read_plan(text.encode(), "thu.txt")


def _plan(head: str = HEAD, title: str = TITLE, base: str = BASE, body: str = BODY, signed: str = SIGNED) -> Reading:
    return _read(f"{head}KẾ HOẠCH\n{title}\n{base}{body}{signed}")


def _shape(plan: Reading) -> list[tuple[str | None, str]]:
    return [(s.label, s.role) for s in plan.sections]


def test_a_title_in_capitals_full_of_heading_words_is_the_title_and_no_section() -> None:
    title = "NÂNG CAO HIỆU QUẢ NHIỆM VỤ TUYÊN TRUYỀN, NỘI DUNG GIỮ SẠCH BẾN SÔNG NĂM 2026"
    plan = _plan(title=title)
    assert plan.title == title
    assert _shape(plan) == [("I", "purpose"), ("II", "themes"), ("III", "organisation")]
    assert [b.number for b in plan.legal_bases] == ["6/KH-UBND"]


def test_a_title_may_begin_like_a_preamble() -> None:
    assert _plan(title="Thực hiện chương trình “Bến sạch”\nNăm học 2025-2026").title == (
        "Thực hiện chương trình “Bến sạch” Năm học 2025-2026"
    )


def test_a_plan_without_title_does_not_take_its_grounds_for_one() -> None:
    assert _plan(title="").title is None


def test_headline_and_stamp_of_a_web_page_are_not_the_document() -> None:
    page = """Lượt truy cập
Hôm nay: 12
KẾ HOẠCH TUYÊN TRUYỀN GIỮ SẠCH BẾN SÔNG
Ngày 18/03/2026 07:30:00
Thực hiện Công văn số 99/UBND-VP ngày 15/12/2025 của UBND huyện về việc khẩn trương ra quân, phường ra quân.
"""
    blank = HEAD.replace("21/KH", "    /KH").replace("ngày 09 tháng 02", "ngày     tháng   ")
    plan = _plan(head=page + blank)
    assert (plan.number, plan.date, plan.year) == (None, None, 2026)
    assert plan.issuer is not None
    assert plan.issuer.name == "UBND phường Sông Vàng"
    assert plan.title == TITLE
    assert [b.number for b in plan.legal_bases] == ["6/KH-UBND"]


def test_columns_of_a_saved_page_are_put_together_again() -> None:
    head = """ỦY
BAN NHÂN DÂN
PHƯỜNG SÔNG VÀNG
-------
|
CỘNG HÒA XÃ HỘI
CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
|
Số: 21/KH-UBND
|
Sông Vàng, ngày 09
tháng 02 năm 2026
|
"""
    signed = "|\nTM. ỦY\nBAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nĐoàn Thị Mây\n|\n"
    plan = _plan(head=head, signed=signed)
    assert plan.issuer is not None
    assert plan.signer is not None
    assert (plan.issuer.name, plan.number, plan.date) == ("UBND phường Sông Vàng", "21/KH-UBND", date(2026, 2, 9))
    assert plan.signer.authority == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert plan.signer.name == "Đoàn Thị Mây"


def test_a_signature_on_one_line_is_divided_and_a_lost_place_is_found_in_the_sentence() -> None:
    head = """ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |
Số: 21/KH-UBND | Lạc An, ngày 09 tháng 02 năm 2026 |
"""
    base = "Căn cứ Luật Bảo vệ môi trường, Ủy ban nhân dân thành phố Lạc An ban hành Kế hoạch như sau:\n"
    signed = "Nơi nhận: - Như trên; - Lưu: VT. | TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH Đoàn Thị Mây |\n"
    plan = _plan(head=head, base=base, signed=signed)
    assert plan.issuer is not None
    assert plan.signer is not None
    assert (plan.issuer.name, plan.issuer.level) == ("UBND thành phố Lạc An", "tinh")
    assert (plan.signer.name, plan.signer.title) == ("Đoàn Thị Mây", "PHÓ CHỦ TỊCH")


def test_a_decision_whose_first_article_is_the_plan() -> None:
    text = f"""BỘ NỘI VỤ
Số: 77/QĐ-BNV
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Hà Nội, ngày 03 tháng 3 năm 2026
QUYẾT ĐỊNH
BAN HÀNH KẾ HOẠCH TUYÊN TRUYỀN BẾN SẠCH NĂM 2026
BỘ TRƯỞNG BỘ NỘI VỤ
Căn cứ Nghị quyết số 8/2025/QH15 ngày 02/6/2025 của Quốc hội;
QUYẾT ĐỊNH:
Điều 1. Ban hành Kế hoạch với những nội dung sau:
{BODY}Điều 2. Quyết định này có hiệu lực kể từ ngày ký.
KT. BỘ TRƯỞNG
THỨ TRƯỞNG
Lê Văn Bến
"""
    plan = _read(text)
    assert plan.issuer is not None
    assert (plan.issuer.name, plan.number, plan.title) == (
        "Bộ Nội vụ",
        "77/QĐ-BNV",
        "TUYÊN TRUYỀN BẾN SẠCH NĂM 2026",
    )
    assert [(b.kind, b.number) for b in plan.legal_bases] == [("Nghị quyết", "8/2025/QH15")]
    assert "issued_by_decision" in {w.code for w in plan.warnings}


def test_a_decision_without_the_plan_it_approves_is_refused() -> None:
    text = f"""{HEAD.replace("KH-UBND", "QĐ-UBND")}QUYẾT ĐỊNH
Phê duyệt Kế hoạch tuyên truyền giữ sạch bến sông
Căn cứ Luật Bảo vệ môi trường;
QUYẾT ĐỊNH:
Điều 1. Phê duyệt Kế hoạch kèm theo Quyết định này.
Điều 2. Văn phòng chịu trách nhiệm thi hành.
{SIGNED}"""
    with pytest.raises(PlanRefused, match="quyết định"):
        _read(text)


def test_an_item_that_begins_with_a_figure_is_an_item() -> None:
    body = BODY.replace(
        "III. TỔ CHỨC",
        "III. CHỈ TIÊU\n4. Mỗi tháng có 02 tin\n5. 100% tổ dân phố có nhóm Zalo.\n6. 30 hộ treo bảng.\nIV. TỔ CHỨC",
    )
    plan = _plan(body=body)
    assert [s.item_count for s in plan.sections] == [1, 2, 3, 1]
    assert [(t.count, t.unit) for t in plan.targets] == [(2, "tin"), (100, "%")]


@pytest.mark.parametrize("end", ["chuyển đổi số", "bảo vệ", "phòng, chống thiên tai", "nâng cao chỉ số"])
def test_words_that_only_look_open_without_marks_end_an_item(end: str) -> None:
    body = BODY.replace(
        "1. Tuyên truyền việc không đổ rác xuống sông.", f"1. Tuyên truyền về {end}\na) Bến trên\n- Sáng\nb) Bến dưới"
    )
    (first, _) = _plan(body=body).themes
    assert first.title == f"Tuyên truyền về {end}"
    assert [child.label for child in first.children] == ["a", "b"]


def test_sections_inside_parts_are_sections_and_facts_of_last_year_are_no_targets() -> None:
    body = """PHẦN I. KẾT QUẢ NĂM 2025
I. TÌNH HÌNH
1. Phường có 12 chuyên mục và 100% tổ dân phố đã họp.
PHẦN II. NỘI DUNG KẾ HOẠCH NĂM 2026
I. MỤC TIÊU
1. Tối thiểu 80% hộ biết lịch thu gom.
II. NHIỆM VỤ
1. Tuyên truyền giữ bến.
2. Tuyên truyền phân loại rác.
III. TỔ CHỨC THỰC HIỆN
1. Phòng Văn hóa - Xã hội chủ trì.
"""
    plan = _plan(body=body)
    assert _shape(plan) == [
        ("I", "other"), ("I", "other"), ("II", "other"), ("I", "purpose"), ("II", "tasks"), ("III", "organisation"),
    ]  # fmt: skip
    assert not {w.code for w in plan.warnings} & {"duplicate_label", "skipped_label"}
    assert [(t.count, t.op) for t in plan.targets] == [(80, ">=")]
    assert [t.title for t in plan.themes] == ["Tuyên truyền giữ bến.", "Tuyên truyền phân loại rác."]


def test_grounds_listed_as_a_section_are_legal_bases() -> None:
    grounds = "I. CĂN CỨ XÂY DỰNG KẾ HOẠCH\n1. Quyết định số 18/QĐ-UBND ngày 05/01/2026 của UBND thành phố Lạc An.\n"
    body = grounds + BODY.replace("III. ", "IV. ").replace("II. ", "III. ").replace("I. MỤC", "II. MỤC")
    plan = _plan(base="", body=body)
    assert [(b.number, b.date) for b in plan.legal_bases] == [("18/QĐ-UBND", date(2026, 1, 5))]


def test_a_school_whose_headings_all_lost_their_count() -> None:
    text = """UBND PHƯỜNG SÔNG VÀNG       CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TRƯỜNG THCS BẾN CŨ              Độc lập – Tự do – Hạnh phúc
Số:36/KH – THCS                 Sông Vàng, ngày 06 tháng 9 năm 2026
KẾ HOẠCH
Phòng, chống đuối nước năm học 2026 – 2027
Căn cứ Công văn số 14/SGDĐT ngày 03/8/2026 của Sở Giáo dục và Đào tạo;
  1. Đặc điểm tình hình
Nhà trường có 20 lớp.
  1. Mục đích, yêu cầu
– Giúp học sinh biết bơi.
  1. Nội dung, biện pháp thực hiện
– Tuyên truyền về vùng nước sâu.
  1. Tổ chức thực hiện
– Giáo viên chủ nhiệm: báo cáo Ban Giám hiệu hằng tháng.
HIỆU TRƯỞNG
BSCKII. Trần Bá Lộc
"""
    plan = _read(text)
    assert plan.issuer is not None
    assert plan.signer is not None
    assert (plan.issuer.name, plan.number, plan.date) == ("Trường THCS Bến Cũ", "36/KH-THCS", date(2026, 9, 6))
    assert _shape(plan) == [("1", "other"), ("1", "purpose"), ("1", "themes"), ("1", "organisation")]
    assert [(b.number, b.date) for b in plan.legal_bases] == [("14/SGDĐT", date(2026, 8, 3))]
    assert plan.targets == ()
    assert [(r.who, r.to, r.period) for r in plan.reports] == [("Giáo viên chủ nhiệm", "Ban Giám hiệu", "month")]
    assert plan.signer.name == "Trần Bá Lộc"


def test_a_party_committee_is_no_peoples_committee() -> None:
    head = """ĐẢNG BỘ TỈNH BẾN LÚA
HUYỆN ỦY SÔNG VÀNG
*
Số 12-KH/HU
ĐẢNG CỘNG SẢN VIỆT NAM
Sông Vàng, ngày 05 tháng 3 năm 2025
"""
    plan = _plan(head=head)
    assert plan.issuer is not None
    assert (plan.issuer.name, plan.number) == ("Huyện ủy Sông Vàng", "12-KH/HU")


def test_a_joint_plan_keeps_its_kind_out_of_its_title() -> None:
    text = HEAD.replace("/KH-", "/KHPH-") + f"KẾ HOẠCH PHỐI HỢP\n{TITLE}\n{BASE}{BODY}{SIGNED}"
    plan = _read(text)
    assert (plan.number, plan.title) == ("21/KHPH-UBND", TITLE)


def test_a_year_the_plan_looks_forward_to_is_not_its_year() -> None:
    assert _plan(title="Tuyên truyền giữ sạch bến sông đến năm 2030").year == 2026


@pytest.mark.parametrize(
    ("money", "lines"),
    [
        (
            "Kinh phí: 25.000.000 đồng (Hai mươi lăm triệu đồng), trong đó:\n- Băng rôn: 10.000.000 đồng\n"
            "- Văn nghệ: 15.000.000 đồng\n",
            [10_000_000, 15_000_000],
        ),
        (
            "Đơn vị tính: triệu đồng\nSTT | Nội dung | Năm 2026 | Năm 2027 | Tổng |\n1 | Pa nô | 5 | 6 | 11 |\n"
            "2 | Tờ rơi | 6 | 8 | 14 |\nCộng | 11 | 14 | 25 |\n",
            [11_000_000, 14_000_000],
        ),
    ],
)
def test_a_whole_is_not_counted_with_its_parts(money: str, lines: list[int]) -> None:
    plan = _plan(body=f"{BODY}IV. KINH PHÍ\n{money}")
    assert plan.budget is not None
    assert [line.amount for line in plan.budget.lines] == lines
    assert (plan.budget.stated_total, plan.budget.consistent) == (25_000_000, True)


def test_channels_in_small_letters_and_one_name_for_each() -> None:
    said = (
        "2. Đăng trên trang thông tin điện tử phường (có RSS), loa phường, Zalo, Facebook, fanpage “Bến Sông Vàng”.\n"
    )
    channels = _plan(body=BODY + said).channels
    assert [(c.name, c.kind, c.own) for c in channels] == [
        ("trang thông tin điện tử phường", "page", True),
        ("RSS", "feed", True),
        ("loa phường", "loudspeaker", True),
        ("Zalo", "zalo", True),
        ("Facebook", "facebook", True),
        ("fanpage “Bến Sông Vàng”", "facebook", True),
    ]


def test_groups_are_named_once_and_committees_are_no_people() -> None:
    body = BODY.replace(
        "1. Để bà con cùng giữ bến nước sạch.",
        "1. Ủy ban nhân dân phường giúp người dân, nhân dân trên địa bàn phường giữ bến.\n"
        "2. Cán bộ, công chức, viên chức làm gương; được công nhận; tổ chức, doanh nghiệp cùng làm.",
    )
    assert [a.name for a in _plan(body=body).audiences] == [
        "nhân dân trên địa bàn phường",
        "Cán bộ, công chức, viên chức",
        "tổ chức",
        "doanh nghiệp",
    ]


def test_a_share_told_among_contents_is_no_target() -> None:
    body = BODY.replace("2. Tuyên truyền lịch", "2. Tuyên truyền việc giảm 50% phí và lịch")
    assert _plan(body=body).targets == ()


@pytest.mark.parametrize(
    ("said", "to", "due"),
    [
        ("gửi báo cáo về UBND phường (qua Phòng Văn hóa - Xã hội) trước ngày 20/11/2026", "UBND phường", "20/11/2026"),
        ("tổng hợp, báo cáo Bộ Nội vụ và UBND thành phố định kỳ", "Bộ Nội vụ và UBND thành phố", None),
        ("giúp UBND phường theo dõi, định kỳ tổng hợp báo cáo tình hình", "UBND phường", None),
    ],
)
def test_reports_name_their_addressee(said: str, to: str, due: str | None) -> None:
    body = BODY.replace("chủ trì, báo cáo UBND phường trước ngày 20/11/2026", said)
    (report,) = _plan(body=body).reports
    assert (report.who, report.to, report.period, report.due) == ("Phòng Văn hóa - Xã hội", to, None, due)


def test_an_article_about_a_plan_with_its_headings_is_refused() -> None:
    text = """Phường Sông Vàng ban hành kế hoạch giữ sạch bến sông
Ngày 12/3/2026, UBND phường đã ban hành Kế hoạch số 44/KH-UBND.
Mục đích, yêu cầu
Để bến sạch.
Tổ chức thực hiện
Phòng Văn hóa - Xã hội chủ trì.
"""
    with pytest.raises(PlanRefused):
        _read(text)


def test_a_form_of_a_plan_in_the_annex_is_not_the_plan() -> None:
    form = f"PHỤ LỤC\n(Mẫu kế hoạch của tổ dân phố)\n{HEAD.replace('21/KH', '…/KH')}KẾ HOẠCH\nTuyên truyền của tổ\n"
    plan = _read(f"{HEAD}KẾ HOẠCH\n{TITLE}\n{BASE}{BODY}{SIGNED}{form}")
    assert (plan.number, plan.title) == ("21/KH-UBND", TITLE)


def test_rows_of_a_table_of_forms_are_targets_on_their_channels() -> None:
    table = """IV. HÌNH THỨC
STT | Hình thức | Số lượng | Thời gian | Đơn vị |
1 | Loa phường | 02 lần/ngày | Tháng 5 | Tổ 1 |
2 | Trang thông tin điện tử phường | 15 tin, bài | Cả năm | Tổ 2 |
3 | Pa nô | 4.000.000 đồng | Quý I | Tổ 3 |
"""
    plan = _plan(body=BODY + table)
    assert [(t.count, t.unit, t.period, t.channel) for t in plan.targets] == [
        (2, "lần", "day", "loudspeaker"),
        (15, "tin, bài", "year", "page"),
    ]
    assert {c.kind for c in plan.channels} == {"loudspeaker", "page"}
