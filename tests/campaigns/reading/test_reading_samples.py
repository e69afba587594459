"""Invented plans of other shapes: each read as a person would read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from campaigns.reading import Reading, read_plan
from campaigns.reading.schema import Item, Source

Sample = Callable[[str], bytes]


def _read(sample: Sample, name: str) -> Reading:
    return read_plan(sample(name), name)


def _labels(items: tuple[Item, ...]) -> list[str | None]:
    return [item.label for item in items]


def _codes(reading: Reading) -> set[str]:
    return {w.code for w in reading.warnings}


def test_a_ward_plan_with_a_merged_letterhead(sample: Sample) -> None:
    plan = _read(sample, "ward-wrapped.txt")
    assert plan.issuer is not None
    assert (plan.issuer.name, plan.issuer.level) == ("UBND phường Sông Vàng", "xa")
    assert (plan.number, plan.date, plan.year) == ("15/KH-UBND", date(2026, 3, 5), 2026)
    assert plan.title == (
        "Truyền thông về phân loại rác tại nguồn và giữ sạch ngõ xóm trên địa bàn phường Sông Vàng năm 2026"
    )
    assert plan.signer is not None
    assert (plan.signer.name, plan.signer.title) == ("Đoàn Thị Mây", "PHÓ CHỦ TỊCH")
    assert [(s.label, s.role, s.item_count) for s in plan.sections] == [
        ("I", "purpose", 2), ("II", "themes", 4), ("III", "methods", 3), ("IV", "budget", 3), ("V", "organisation", 2),
    ]  # fmt: skip
    assert plan.warnings == ()


def test_its_bases_keep_a_law_without_number_and_a_number_broken_across_lines(sample: Sample) -> None:
    bases = _read(sample, "ward-wrapped.txt").legal_bases
    assert [(b.kind, b.number, b.name, b.date) for b in bases] == [
        ("Luật", None, "Luật Bảo vệ môi trường", date(2020, 11, 17)),
        ("Kế hoạch", "7/KH-UBND", None, date(2026, 1, 20)),
        ("Quyết định", "81/2025/QĐ-UBND", None, date(2025, 9, 9)),
    ]
    assert bases[2].source.lines == (11, 12)
    assert bases[1].issuer == bases[2].issuer == "UBND thành phố Lạc An"


def test_money_in_sentences_is_a_budget_but_a_fine_is_not(sample: Sample) -> None:
    budget = _read(sample, "ward-wrapped.txt").budget
    assert budget is not None
    assert [(line.name, line.amount) for line in budget.lines] == [
        ("In tờ gấp phát từng nhà", 20_000_000),
        ("Thuê xe loa lưu động", 9_500_000),
        ("Tổ chức 02 buổi trao quà cho trẻ em", 7_000_000),
    ]
    assert (budget.stated_total, budget.in_words_amount, budget.consistent) == (36_500_000, 36_500_000, True)


def test_its_targets_audience_and_reports(sample: Sample) -> None:
    plan = _read(sample, "ward-wrapped.txt")
    assert [(t.count, t.unit, t.period, t.op, t.channel) for t in plan.targets] == [
        (2, "buổi", "week", "=", "loudspeaker"),
        (12, "tin, bài", "year", ">=", "facebook"),
    ]
    elderly = next(a for a in plan.audiences if a.name == "người cao tuổi")
    assert elderly.channels == ("loudspeaker",)
    assert [(r.who, r.to, r.period) for r in plan.reports] == [
        ("Phòng Văn hóa - Xã hội", "UBND phường", "quarter"),
        ("Phòng Văn hóa - Xã hội", "UBND phường", "year"),
    ]
    duty = plan.duties[0]
    assert duty.owner == "Phòng Văn hóa - Xã hội"
    assert duty.deadline is not None
    assert duty.deadline.date == date(2026, 4, 15)


def test_a_markdown_plan_with_letters_only_and_nothing_filled_in(sample: Sample) -> None:
    plan = _read(sample, "ward-letters.md")
    assert (plan.number, plan.date, plan.year, plan.symbol) == (None, None, 2026, "KH-UBND")
    assert plan.issuer is not None
    assert plan.issuer.name == "UBND phường Sông Vàng"
    assert _labels(plan.themes) == ["a", "b", "d"]
    assert plan.themes[0].source.lines == (21, 21)
    assert plan.signer is not None
    assert (plan.signer.name, plan.signer.title) == ("Lê Văn Đò", "CHỦ TỊCH")
    assert _codes(plan) == {
        "missing_number", "missing_date", "missing_letter", "legal_base_repealed", "budget_inconsistent",
    }  # fmt: skip


def test_rows_that_do_not_add_up_are_left_to_a_person(sample: Sample) -> None:
    plan = _read(sample, "ward-letters.md")
    assert plan.budget is not None
    assert [line.amount for line in plan.budget.lines] == [25_000_000, 12_500_000, 4_000_000]
    assert (plan.budget.stated_total, plan.budget.sum, plan.budget.consistent) == (45_000_000, 41_500_000, False)
    warning = next(w for w in plan.warnings if w.code == "budget_inconsistent")
    assert "cần người xem" in warning.message
    assert isinstance(warning.source, Source)


def test_a_party_style_number_is_read_as_it_is_written(sample: Sample) -> None:
    base = _read(sample, "ward-letters.md").legal_bases[1]
    assert (base.kind, base.number, base.issuer) == ("Kế hoạch", "33-KH/ĐU", "Đảng ủy phường")


def test_a_dead_decree_is_told_with_its_day(sample: Sample) -> None:
    plan = _read(sample, "ward-letters.md")
    assert plan.legal_bases[0].repealed_from == date(2026, 7, 1)
    assert plan.legal_bases[0].repealed_by == "224/2026/NĐ-CP"
    warning = next(w for w in plan.warnings if w.code == "legal_base_repealed")
    assert "1/7/2026" in warning.message


def test_a_department_with_lettered_parts_and_roman_themes(sample: Sample) -> None:
    plan = _read(sample, "department-parts.txt")
    assert plan.issuer is not None
    assert (plan.issuer.name, plan.issuer.level, plan.issuer.parent) == (
        "Sở Văn hóa và Thể thao", "so", "UBND thành phố Lạc An",
    )  # fmt: skip
    assert (plan.number, plan.date) == ("208/KH-SVHTT", date(2025, 12, 30))
    assert [s.label for s in plan.sections] == ["A", "B", "C", "D", "PHỤ LỤC I"]
    assert plan.sections[4].title == "DANH MỤC CÁC ĐIỂM ĐỌC"
    assert _labels(plan.themes) == ["I", "II", "III"]
    assert _labels(plan.themes[0].children) == ["1", "2"]
    assert _labels(plan.themes[0].children[1].children) == ["a", "b"]
    assert plan.signer is not None
    assert (plan.signer.name, plan.signer.title) == ("Trần Bá Lộc", "GIÁM ĐỐC")


def test_a_table_of_counts_is_no_money(sample: Sample) -> None:
    assert _read(sample, "department-parts.txt").budget is None


def test_a_youth_union_plan_without_any_numbering(sample: Sample) -> None:
    plan = _read(sample, "youth-plain.txt")
    assert plan.issuer is not None
    assert plan.issuer.name == "Ban Chấp hành Đoàn phường Sông Vàng"
    assert plan.issuer.parent == "Đoàn TNCS Hồ Chí Minh"
    assert (plan.number, plan.date) == ("12-KH/ĐTN", date(2026, 5, 18))
    assert [s.role for s in plan.sections] == ["purpose", "themes", "methods", "organisation"]
    assert [(t.label, t.source.lines[0]) for t in plan.themes] == [(None, 17), (None, 19), (None, 21)]
    assert _codes(plan) == {"unlabelled_themes"}
    assert [(t.count, t.unit, t.period, t.op) for t in plan.targets] == [
        (3, "tin", "week", ">="),
        (1, "video", "week", ">="),
    ]


def test_a_plan_attached_to_a_decision_bears_the_number_of_the_decision(sample: Sample) -> None:
    plan = _read(sample, "decision-attached.txt")
    assert (plan.number, plan.date) == ("61/QĐ-UBND", date(2026, 2, 9))
    assert plan.title == "Tuyên truyền chuyển đổi số trên địa bàn xã Đồi Sim năm 2026"
    assert plan.signer is not None
    assert plan.signer.name == "Ngô Đình Núi"
    assert [(s.label, s.role) for s in plan.sections] == [
        ("1", "purpose"), ("2", "themes"), ("3", "methods"), ("4", "organisation"),
    ]  # fmt: skip
    assert _labels(plan.themes) == ["2.1", "2.2", "2.3"]
    assert _labels(plan.themes[0].children) == ["a", "b"]
    assert _codes(plan) == {"issued_by_decision"}


def test_text_without_marks_is_read_but_must_be_confirmed(sample: Sample) -> None:
    plan = _read(sample, "ward-ocr.txt")
    assert plan.ocr
    assert (plan.number, plan.date) == ("27/KH-UBND", date(2026, 4, 14))
    assert plan.title == "Tuyen truyen phong chay trong khu tap the cii nim 2026"
    assert plan.title_confidence is not None
    assert plan.title_confidence < 1
    assert [(s.label, s.role) for s in plan.sections] == [("I", "purpose"), ("II", "themes"), ("III", "organisation")]
    assert _labels(plan.themes[0].children) == ["a", "b", "c"]
    assert [b.number for b in plan.legal_bases] == ["105/2025/NĐ-CP", "12/QĐ-UBND"]
    assert plan.signer is not None
    assert (plan.signer.name, plan.signer.title) == (None, "PHÓ CHỦ TỊCH")
    assert {"ocr_text", "title_needs_confirmation", "issuer_needs_confirmation", "missing_signer"} <= _codes(plan)


# file, number, date, issuer and level, signer, labels of sections, labels of themes, total, does the budget agree
SHAPES: list[tuple[str, str | None, date | None, tuple[str, str], str | None, str, str, int | None, bool | None]] = [
    (
        "ministry.txt", "1187/KH-BCX", date(2025, 11, 3), ("Bộ Cây xanh", "tw"), "Phạm Lá Xanh",
        "I II III IV", "1.1 1.2 1.3", 2_500_000_000, True,
    ),
    (
        "commune-draft.txt", None, None, ("UBND xã Bình Minh Hạ", "xa"), None,
        "I II III", "I II", None, None,
    ),
    (
        "ward-table-themes.md", "77/KH-UBND", date(2026, 1, 8), ("UBND phường Đông Bến", "xa"), "Tạ Văn Bến",
        "I II III IV", "1 2 3", None, None,
    ),
    (
        "union-fragments.txt", "05/KH-CĐP", date(2026, 4, 20), ("Công đoàn phường Đông Bến", "xa"), "Lý Thị Thoi",
        "I II III IV V", "1 2 3", 9_000_000, True,
    ),
    (
        "centre-arabic.txt", "31/KH-TTVHNT", date(2026, 2, 6), ("Trung tâm Văn hóa – Nghệ thuật", "khac"),
        "Mai Văn Trống", "1 2 3 4 5 6", "2.1 2.2 2.3", 85_400_000, True,
    ),
    (
        "province.txt", "4512/KH-UBND", date(2025, 12, 15), ("UBND tỉnh Ba Sông", "tinh"), "Nguyễn Sông Ba",
        "I II III IV V", "1 2 3", 1_250_000_000, True,
    ),
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape[0])
def test_plans_of_every_level_and_layout(sample: Sample, shape: Any) -> None:
    name, number, day, issuer, signer, sections, themes, total, consistent = shape
    plan = _read(sample, name)
    assert (plan.number, plan.date, plan.year) == (number, day, 2026)
    assert plan.issuer is not None
    assert (plan.issuer.name, plan.issuer.level) == issuer
    assert plan.signer is not None
    assert plan.signer.name == signer
    assert [s.label for s in plan.sections] == sections.split()
    assert _labels(plan.themes) == themes.split()
    assert (plan.budget.stated_total if plan.budget else None) == total
    assert (plan.budget.consistent if plan.budget else None) == consistent


def test_a_title_in_two_lines_is_whole_and_one_beside_the_kind_too(sample: Sample) -> None:
    assert _read(sample, "ministry.txt").title == (
        "TRUYỀN THÔNG VỀ CHIẾN LƯỢC TRỒNG CÂY ĐÔ THỊ NĂM 2026 VÀ ĐỊNH HƯỚNG ĐẾN NĂM 2030"
    )
    assert _read(sample, "commune-draft.txt").title == (
        "TUYÊN TRUYỀN Bầu cử trưởng thôn nhiệm kỳ 2026 - 2031 trên địa bàn xã Bình Minh Hạ"
    )


def test_fragments_between_other_figures_are_chosen_by_their_sum(sample: Sample) -> None:
    budget = _read(sample, "union-fragments.txt").budget
    assert budget is not None
    assert [(line.name, line.amount) for line in budget.lines] == [
        ("Băng rôn", 2_000_000), ("Tờ rơi", 1_000_000), ("Bữa cơm", 6_000_000),
    ]  # fmt: skip


def test_fragments_that_fit_no_sum_keep_no_amount(sample: Sample) -> None:
    text = sample("union-fragments.txt").decode().replace("9.000\n", "9.500\n").replace("Chín triệu đồng", "Tám triệu")
    plan = read_plan(text.encode(), "lech.txt")
    assert plan.budget is not None
    assert [line.amount for line in plan.budget.lines] == [None, None, None]
    assert plan.budget.consistent is False
    assert "budget_inconsistent" in _codes(plan)


def test_parts_named_after_the_total_are_its_lines(sample: Sample) -> None:
    budget = _read(sample, "province.txt").budget
    assert budget is not None
    assert [(line.name, line.amount) for line in budget.lines] == [
        ("ngân sách tỉnh", 1_000_000_000), ("ngân sách xã", 250_000_000),
    ]  # fmt: skip
