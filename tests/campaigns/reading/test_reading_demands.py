"""What a plan demands, in the ways officers write it: channels, groups, numbers, days, money, standing of bases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from campaigns.reading import Reading, read_plan, to_json
from campaigns.reading.deadlines import find_deadline, understand_deadline
from campaigns.reading.legal_status import judge, statuses
from campaigns.reading.money import amounts, in_words, spelled
from campaigns.reading.schema import PlanWarning, Reference, Source

PLAN = """ỦY BAN NHÂN DÂN
PHƯỜNG BẾN GỖ
Số: 9/KH-UBND
Bến Gỗ, ngày 05 tháng 01 năm 2026

KẾ HOẠCH
Tuyên truyền giữ sạch bờ kênh trên địa bàn phường Bến Gỗ năm 2026

{grounds}

I. MỤC ĐÍCH
1. Nâng cao nhận thức về bờ kênh sạch.

II. NỘI DUNG TUYÊN TRUYỀN
1. Tuyên truyền về rác thải.
2. Tuyên truyền về nước kênh.

III. {heading}
{said}

IV. TỔ CHỨC THỰC HIỆN
{duties}

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Lâm Văn Gỗ
"""


def plan(said: str = "1. Phát loa.", heading: str = "HÌNH THỨC", duties: str = "", grounds: str = "") -> Reading:
    duties = duties or "1. Phòng Kinh tế: theo dõi."
    return read_plan(PLAN.format(said=said, heading=heading, duties=duties, grounds=grounds).encode(), "x.md")


def codes(reading: Reading) -> list[str]:
    return [w.code for w in reading.warnings]


# --- numbers asked for


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ("Đăng ít nhất 12 tin, bài trên Zalo trong năm.", (12, None, "tin, bài", "year", ">=", "zalo")),
        ("Phát loa tối thiểu 02 buổi/tháng.", (2, None, "buổi", "month", ">=", "loudspeaker")),
        ("Mỗi quý một bài trên Facebook.", (1, None, "bài", "quarter", "=", "facebook")),
        ("Mỗi tháng đăng từ 3 đến 5 tin trên Zalo.", (3, 5, "tin", "month", "=", "zalo")),
        ("Phát loa 02 buổi mỗi tuần, mỗi buổi không quá 15 phút.", (2, None, "buổi", "week", "=", "loudspeaker")),
        ("Gửi tối đa 3 tin nhắn/tháng.", (3, None, "tin nhắn", "month", "<=", "message")),
    ],
)
def test_a_demand_has_its_number_rhythm_and_bound(said: str, target: tuple[Any, ...]) -> None:
    (found,) = plan(f"1. {said}").targets
    assert (found.count, found.count_to, found.unit, found.period, found.op, found.channel) == target


@pytest.mark.parametrize(
    "said",
    [
        "Đăng một số bài trên Facebook, trong năm bài viết phải hay.",
        "Mở tiểu mục “Mỗi ngày một tin vui” trên loa.",
        "Ra đời năm 2026, thời lượng 05 phút.",
    ],
)
def test_what_asks_for_no_number_is_no_target(said: str) -> None:
    assert plan(f"1. {said}").targets == ()


def test_a_share_tells_what_it_is_of() -> None:
    (found,) = plan("1. 100% tổ dân phố tổ chức họp phổ biến.").targets
    assert (found.count, found.unit, found.of) == (100, "%", "tổ dân phố")


def test_the_body_asked_in_the_sentence_owns_the_demand() -> None:
    duties = "1. Các chi hội: mỗi chi hội viết ít nhất 02 bài/tháng."
    (found,) = plan(duties=duties).targets
    assert found.owner == "mỗi chi hội"


def test_rows_of_a_table_know_who_does_them() -> None:
    table = (
        "| TT | Kênh | Tần suất | Đơn vị thực hiện |\n|---|---|---|---|\n"
        "| 1 | Fanpage “Bến Gỗ” | 05 bài/tháng | Đoàn Thanh niên |"
    )
    (found,) = plan(table).targets
    assert (found.count, found.owner) == (5, "Đoàn Thanh niên")


# --- demands that contradict each other


def test_a_month_against_a_year_is_a_conflict_and_the_larger_demand_is_stricter() -> None:
    said = "1. Zalo OA: mỗi tháng 02 tin.\n2. Zalo OA: ít nhất 12 tin/năm."
    reading = plan(said)
    assert [(t.rivals, t.stricter) for t in reading.targets] == [((1,), True), ((0,), False)]
    warning = next(w for w in reading.warnings if w.code == "conflicting_targets")
    assert "2 tin/tháng" in warning.message
    assert "12 tin/năm" in warning.message
    assert "dòng" in warning.message


@pytest.mark.parametrize(
    "said",
    [
        "1. Zalo OA: mỗi tháng 01 tin.\n2. Zalo OA: 12 tin/năm.",
        "1. Phát loa về phòng cháy 02 buổi/tuần.\n2. Phát loa về rác thải 3 buổi/tuần.",
        "1. Tổ chức 02 hội nghị/năm.\n2. Tổ chức 03 hội nghị/năm về đất đai.",
        "1. Zalo OA: ít nhất 2 tin/tuần.\n2. Zalo OA: tối đa 5 tin/tuần.",
        "1. Zalo OA: 2 tin/tuần.\n2. Facebook: 3 tin/tuần.",
    ],
)
def test_demands_that_can_both_be_met_are_no_conflict(said: str) -> None:
    reading = plan(said)
    assert "conflicting_targets" not in codes(reading)
    assert {t.stricter for t in reading.targets} == {None}


# --- channels, groups, methods


def test_a_portal_or_page_of_one_owner_is_one_channel() -> None:
    said = (
        "1. Đăng trên Cổng thông tin điện tử hoặc Trang thông tin điện tử của các cơ quan, đơn vị.\n"
        "2. Trang thông tin điện tử của đơn vị; Chuyên trang CCHC Thành phố; Chuyên trang Cải cách hành chính "
        "Thành phố."
    )
    assert [c.name for c in plan(said).channels] == [
        "Cổng thông tin điện tử hoặc Trang thông tin điện tử của các cơ quan, đơn vị",
        "Chuyên trang CCHC Thành phố",
    ]


def test_newspapers_keep_their_names_and_are_asked() -> None:
    said = "1. Phối hợp với Báo và Phát thanh, Truyền hình Bến Sông; Báo Sông Mới – Sở Tư pháp."
    assert [(c.name, c.own) for c in plan(said).channels] == [
        ("Báo và Phát thanh, Truyền hình Bến Sông", False),
        ("Báo Sông Mới – Sở Tư pháp", False),
    ]


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ("Đối với người cao tuổi: tuyên truyền qua loa.", {"người cao tuổi": ("loudspeaker",)}),
        ("Phát trên loa để phục vụ người khuyết tật.", {"người khuyết tật": ("loudspeaker",)}),
        ("Đăng trên Zalo OA cho phụ huynh học sinh.", {"phụ huynh học sinh": ("zalo",)}),
        ("Nhân dân phản ánh qua Zalo.", {}),
        ("Tuyên truyền ở từng khu phố đến từng đảng viên.", {}),
    ],
)
def test_groups_are_tied_to_channels_only_where_the_plan_does(said: str, rules: dict[str, Any]) -> None:
    found = plan(f"1. {said}").audiences
    assert {a.name: a.channels for a in found if a.channels} == rules
    assert all((a.rule is not None) == bool(a.channels) for a in found)


def test_forms_are_mapped_to_kinds_of_channel_own_or_asked() -> None:
    said = "1. Đề nghị Báo Sông Mới đưa tin.\n2. Phát loa truyền thanh.\n3. Loa và Báo Sông Mới.\n4. Hình thức khác."
    assert [(m.kinds, m.own) for m in plan(said).methods] == [
        (("contracted",), False),
        (("loudspeaker",), True),
        (("loudspeaker", "contracted"), None),
        ((), None),
    ]


# --- days


@pytest.mark.parametrize(
    ("raw", "day", "periods", "due"),
    [
        ("Quý II; quý III và quý IV/2026", None, ("2026-Q2", "2026-Q3", "2026-Q4"), date(2026, 12, 31)),
        ("Từ khi ký hợp đồng đến hết tháng 12/2026", None, (), date(2026, 12, 31)),
        ("tháng 3, 4 và 5/2026", None, ("2026-03", "2026-04", "2026-05"), date(2026, 5, 31)),
        ("01/3/2026 - 30/4/2026", date(2026, 4, 30), (), date(2026, 4, 30)),
        ("trước tháng 6/2026", None, (), date(2026, 5, 31)),
        ("Trong năm 2026", None, ("2026",), date(2026, 12, 31)),
        ("6 tháng đầu năm 2026", None, ("2026-H1",), date(2026, 6, 30)),
        ("Quý II", None, (), None),
        ("Theo thời điểm phát sinh", None, (), None),
        ("trước 10/6", None, (), None),
        ("31/02/2026", None, (), None),
    ],
)
def test_deadlines_say_no_more_than_is_written(raw: str, day: Any, periods: Any, due: Any) -> None:
    found = understand_deadline(raw)
    assert (found.raw, found.date, found.periods, found.due) == (raw, day, periods, due)


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("Viết tin, hoàn thành trước ngày 15/4/2026.", "trước ngày 15/4/2026"),
        ("Tập huấn trong quý II năm 2026.", "trong quý II năm 2026"),
        ("Triển khai các kế hoạch của phường trong năm 2026 về rác.", None),
        ("Duyệt trước khi phát.", None),
    ],
)
def test_a_deadline_is_found_in_a_sentence(text: str, raw: str | None) -> None:
    found = find_deadline(text)
    assert (found.raw if found else None) == raw


def test_rows_of_a_table_of_work_are_tasks() -> None:
    table = (
        "| TT | Nội dung công việc | Đơn vị thực hiện | Phối hợp | Thời gian |\n|---|---|---|---|---|\n"
        "| 1 | Vớt rác bờ kênh | Đoàn Thanh niên | Công an phường | Quý II/2026 |\n"
        "| 2 | Vẽ tường | Hội Phụ nữ | | khi có kinh phí |"
    )
    found = plan(table, heading="TIẾN ĐỘ").tasks
    assert [(t.title, t.owner, t.partners) for t in found] == [
        ("Vớt rác bờ kênh", "Đoàn Thanh niên", ("Công an phường",)),
        ("Vẽ tường", "Hội Phụ nữ", ()),
    ]
    assert [t.deadline and t.deadline.due for t in found] == [date(2026, 6, 30), None]


# --- reports, units, funding


def test_reports_of_several_periods_have_their_own_days() -> None:
    duties = (
        "1. Ban Xây dựng Đảng: báo cáo Sở Nông nghiệp và Môi trường 6 tháng (trước ngày 10/6), "
        "năm (trước ngày 10/12/2026)."
    )
    reading = plan(duties=duties)
    assert [(r.who, r.to, r.period, r.due_day, r.due_month, r.due_date) for r in reading.reports] == [
        ("Ban Xây dựng Đảng", "Sở Nông nghiệp và Môi trường", "half", 10, 6, None),
        ("Ban Xây dựng Đảng", "Sở Nông nghiệp và Môi trường", "year", 10, 12, date(2026, 12, 10)),
    ]


def test_an_addressee_named_elsewhere_is_told_with_its_place() -> None:
    duties = (
        "1. Phòng Kinh tế: đôn đốc và báo cáo kết quả thực hiện theo quy định.\n\n"
        "Nếu có khó khăn, vướng mắc, các đơn vị phản ánh về Phòng Kinh tế để tổng hợp, báo cáo UBND phường."
    )
    (report,) = plan(duties=duties).reports
    assert (report.who, report.to) == ("Phòng Kinh tế", "UBND phường")
    assert report.to_source is not None
    assert report.to_source.lines[0] > report.source.lines[0]


def test_an_addressee_nobody_names_stays_empty() -> None:
    (report,) = plan(duties="1. Phòng Kinh tế: đôn đốc và báo cáo kết quả thực hiện theo quy định.").reports
    assert (report.to, report.to_source) == (None, None)


def test_bodies_with_duties_are_named_once_and_headings_are_no_bodies() -> None:
    duties = (
        "1. Về kinh phí\n- Bố trí trong dự toán.\n2. Phòng Kinh tế\n- Theo dõi.\n- Kiểm tra.\n"
        "3. Công an phường: nhắc nhở."
    )
    assert [u.name for u in plan(duties=duties).responsible_units] == ["Phòng Kinh tế", "Công an phường"]


@pytest.mark.parametrize(
    ("said", "origin", "bearer"),
    [
        (
            "Kinh phí tuyên truyền tại cấp xã được bố trí trong dự toán ngân sách của đơn vị theo quy định.",
            "dự toán ngân sách của đơn vị",
            "cấp xã",
        ),
        (
            "Kinh phí thực hiện từ nguồn ngân sách phường và nguồn xã hội hóa.",
            "ngân sách phường và nguồn xã hội hóa",
            None,
        ),
        ("Nguồn kinh phí: ngân sách phường năm 2026.", "ngân sách phường năm 2026", None),
    ],
)
def test_where_the_money_comes_from(said: str, origin: str, bearer: str | None) -> None:
    (found,) = plan(said, heading="KINH PHÍ").funding
    assert (found.origin, found.bearer) == (origin, bearer)


# --- money


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("30 000 000 đồng", [30_000_000]),
        ("25.000 (nghìn đồng)", [25_000_000]),
        ("1 tỷ 600 triệu đồng", [1_600_000_000]),
        ("1,5 tỷ; 470 triệu; 45.000.000đ", [1_500_000_000, 470_000_000, 45_000_000]),
        ("3 triệu người, 1,2 triệu lượt xem, tỷ lệ 5 tỷ lệ, 10 đ/c", []),
    ],
)
def test_amounts_as_they_are_written(text: str, values: list[int]) -> None:
    assert [a.value for a in amounts(text)] == values


def test_words_and_figures_are_read_apart() -> None:
    assert spelled("(Bằng chữ: Ba mươi sáu triệu năm trăm nghìn đồng chẵn./.)") is not None
    assert in_words("Một trăm linh năm triệu không trăm hai mươi nghìn đồng") == 105_020_000


def budget(said: str) -> Any:
    found = plan(said, heading="KINH PHÍ").budget
    assert found is not None
    return found


def test_groups_in_prose_are_not_added_twice() -> None:
    found = budget(
        "1. Tổng kinh phí: 45.000.000 đồng.\n- Ngân sách phường: 30.000.000 đồng, gồm:\n+ In: 10.000.000 đồng\n"
        "+ Loa: 20.000.000 đồng\n- Xã hội hóa: 15.000.000 đồng.\n2. Tổng kinh phí 45.000.000 đồng do phường cấp."
    )
    assert [line.amount for line in found.lines] == [10_000_000, 20_000_000, 15_000_000]
    assert found.consistent is True


def test_two_totals_that_differ_are_told() -> None:
    reading = plan("Tổng kinh phí: 45.000.000 đồng. Dự kiến tổng kinh phí là 50.000.000 đồng.", heading="KINH PHÍ")
    assert reading.budget is not None
    assert (reading.budget.stated_total, reading.budget.consistent) == (45_000_000, False)
    assert any("50.000.000 đ" in w.message for w in reading.warnings if w.code == "budget_inconsistent")


def test_cells_with_several_payees_products_and_notes() -> None:
    found = budget(
        "| TT | Hạng mục | Kinh phí | Thời gian |\n|---|---|---|---|\n"
        "| 1 | Báo chí | - Báo A: 10.000.000đ; - Báo B: 5.000.000đ | Quý I/2026 |\n| 2 | Ký hợp đồng | | |\n"
        "| 3 | In | 10 x 500.000đ = 5.000.000đ | |\n| 4 | Loa | 1.000.000đ (thuê ngày) | |\n"
        "| | Tổng cộng: 21.000.000đ (Hai mươi mốt triệu đồng) | | |"
    )
    assert [line.amount for line in found.lines] == [15_000_000, None, 5_000_000, 1_000_000]
    assert [(p.name, p.amount) for p in found.lines[0].payees] == [("Báo A", 10_000_000), ("Báo B", 5_000_000)]
    assert found.lines[0].deadline.periods == ("2026-Q1",)
    assert found.lines[3].note == "thuê ngày"
    assert found.columns == ("TT", "Hạng mục", "Kinh phí", "Thời gian")
    assert (found.sum, found.stated_total, found.in_words_amount, found.consistent) == (21_000_000,) * 3 + (True,)


def test_a_table_of_points_is_no_money() -> None:
    table = "| TT | Nội dung | Số điểm | Số mẫu |\n|---|---|---|---|\n| 1 | Kênh A | 3 | 12 |\n| | Tổng | 3 | 12 |"
    assert plan(table, heading="KINH PHÍ").budget is None


# --- standing of cited documents


def _judged(number: str, day: date | None, year: int | None = None) -> tuple[str | None, list[PlanWarning]]:
    warnings: list[PlanWarning] = []
    cited = Reference("Nghị định", number, None, "Chính phủ", Source("x", 1, (1, 1), number))
    return judge([cited], day, year, warnings)[0].standing, warnings


@pytest.mark.parametrize(
    ("number", "day", "year", "standing", "code"),
    [
        ("42/2022/NĐ-CP", date(2026, 7, 1), 2026, "dead", "legal_base_repealed"),
        ("42/2022/NĐ-CP", date(2026, 6, 30), 2026, "dies_later", "legal_base_repealed_later"),
        ("42/2022/NĐ-CP", None, 2024, "dies_later", "legal_base_repealed_later"),
        ("42/2022/NĐ-CP", None, 2026, "repealed", "legal_base_repealed"),
        ("09/2017/NĐ-CP", date(2025, 5, 5), 2025, "dies_later", "legal_base_repealed_later"),
        ("09/2017/NĐ-CP", date(2026, 5, 5), 2026, "repealed", "legal_base_repealed"),
        ("147/2024/NĐ-CP", date(2026, 5, 5), 2026, "partly_repealed", "legal_base_partly_repealed"),
        ("13/2023/NĐ-CP", date(2026, 5, 5), 2026, "uncertain", "legal_base_uncertain"),
    ],
)
def test_a_base_is_judged_by_the_day_of_the_plan(
    number: str, day: date | None, year: int, standing: str, code: str
) -> None:
    found, (warning,) = _judged(number, day, year)
    assert (found, warning.code) == (standing, code)
    assert "Nguồn:" in warning.message


def test_a_base_the_file_does_not_know_is_left_alone() -> None:
    assert _judged("1/2001/NĐ-CP", date(2026, 1, 1)) == (None, [])
    assert "1/2001/NĐ-CP" not in statuses()


def test_a_law_cited_by_name_is_known_by_its_year() -> None:
    grounds = "Căn cứ Luật Ngân sách nhà nước ngày 25/6/2015;"
    reading = plan(grounds=grounds)
    assert [b.standing for b in reading.legal_bases] == ["dead"]
    assert "legal_base_repealed" in codes(reading)


def test_a_law_the_title_speaks_of_is_no_ground_and_none_is_listed_twice() -> None:
    grounds = (
        "Căn cứ Luật Cây xanh số 11/2017/QH14 ngày 20 tháng 6 năm 2017;\n\n"
        "Căn cứ Nghị định số 144/2017/NĐ-CP của Chính phủ quy định chi tiết một số điều của Luật Cây xanh;"
    )
    assert [b.number for b in plan(grounds=grounds).legal_bases] == ["11/2017/QH14", "144/2017/NĐ-CP"]


def test_a_yearly_plan_of_a_far_year_is_doubted() -> None:
    grounds = "Căn cứ Kế hoạch số 3/KH-UBND ngày 29/12/2023 của UBND xã về công tác kênh mương năm 2026;"
    assert "doubtful_year" in codes(plan(grounds=grounds))


# --- how sure a value is


def _sources(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if "confidence" in value and "raw" in value else []
        return own + [s for below in value.values() for s in _sources(below)]
    return [s for below in value for s in _sources(below)] if isinstance(value, list) else []


def test_nothing_read_from_worn_text_is_sure(sample: Any) -> None:
    found = _sources(to_json(read_plan(sample("ward-ocr.txt"), "ward-ocr.txt")))
    assert len(found) > 20
    assert {s["confidence"] for s in found} == {0.5}


def test_what_had_to_be_mended_or_put_together_is_less_sure_than_what_stands(sample: Any) -> None:
    grounds = "Căn cứ Nghị định số 30/2020/NĐ-CP; Nghị định số 31/2020/ND-CP của Chính phủ;"
    assert [b.source.confidence for b in plan(grounds=grounds).legal_bases] == [1.0, 0.9]
    broken = read_plan(sample("union-fragments.txt"), "union-fragments.txt").budget
    assert broken is not None
    assert {line.source.confidence for line in broken.lines} == {0.8}
