"""What a plan says beside bare numbers: the channel that carries them, former numbers, more deadlines, sources."""

from __future__ import annotations

from datetime import date

from campaigns.reading import read_plan
from campaigns.reading.deadlines import find_deadlines, understand_deadline
from campaigns.reading.money import amounts
from campaigns.reading.schema import Share
from tests.campaigns.reading.test_reading_demands import plan


def test_a_target_knows_the_channel_its_paragraph_opens_with() -> None:
    found = plan("1. Zalo OA phường Bến Gỗ: đăng tin thường xuyên; ít nhất 08 bài/tháng.").targets
    assert [(t.count, t.channel_name) for t in found] == [(8, "Zalo OA phường Bến Gỗ")]


def test_a_number_no_longer_asked_is_no_target() -> None:
    found = plan("1. Zalo OA phường: điều chỉnh từ 08 tin/tháng xuống 04 tin/tháng.").targets
    assert [(t.count, t.period) for t in found] == [(4, "month")]


def test_a_part_of_a_number_has_its_rhythm_and_channel() -> None:
    found = plan("1. Fanpage “Bến Gỗ”: ít nhất 12 bài/tháng, trong đó có 01 video ngắn.").targets
    assert [(t.count, t.unit, t.period, t.channel) for t in found] == [
        (12, "bài", "month", "facebook"),
        (1, "video ngắn", "month", "facebook"),
    ]


def test_a_happening_is_no_body_that_is_asked() -> None:
    (found,) = plan("1. Mỗi sự kiện có ít nhất 03 tin, bài trên trang thông tin điện tử phường.").targets
    assert found.owner is None


def test_meetings_and_the_press_are_channels_among_the_forms_only() -> None:
    forms = "1. Phối hợp với cơ quan báo chí Trung ương đăng bài.\n2. Tuyên truyền miệng tại chợ."
    said = {c.name: (c.kind, c.own) for c in plan(forms).channels}
    assert said == {"cơ quan báo chí Trung ương": ("contracted", False), "Tuyên truyền miệng": ("event", True)}
    elsewhere = plan(duties="1. Phòng Kinh tế: tổ chức hội nghị; phối hợp cơ quan báo chí Trung ương.")
    assert elsewhere.channels == ()


def test_a_broadcaster_is_no_loudspeaker() -> None:
    (found,) = plan("1. Báo và Phát thanh, Truyền hình Sông Lớn mở 02 phóng sự mỗi tháng.").targets
    assert found.channel == "contracted"


def test_every_deadline_of_a_task_is_kept() -> None:
    text = "Sơ kết vào quý I năm 2027, tổng kết trước ngày 15 tháng 12 năm 2027."
    assert [d.due for d in find_deadlines(text)] == [date(2027, 3, 31), date(2027, 12, 15)]


def test_a_span_of_quarters_holds_those_between() -> None:
    assert understand_deadline("Quý II - quý IV/2026").periods == ("2026-Q2", "2026-Q3", "2026-Q4")


def test_a_section_on_groups_leaves_out_those_named_in_passing() -> None:
    said = "- Người cao tuổi: qua loa truyền thanh.\n- Hộ kinh doanh: gặp trực tiếp, ký cam kết."
    found = plan(said, heading="ĐỐI TƯỢNG", duties="1. Phòng Kinh tế: vận động hộ dân.").audiences
    assert [(a.name, a.channels) for a in found] == [
        ("Người cao tuổi", ("loudspeaker",)),
        ("Hộ kinh doanh", ("event",)),
    ]


def test_a_bullet_that_opens_with_a_body_speaks_of_it_to_its_end() -> None:
    (found,) = plan(duties="- Phòng Kinh tế chủ trì; chậm nhất ngày 28 hằng tháng báo cáo UBND phường.").reports
    assert (found.who, found.to, found.due_day) == ("Phòng Kinh tế", "UBND phường", 28)


def test_a_letter_is_cited_by_the_body_and_the_day_told_before_it() -> None:
    grounds = "Ngày 15 tháng 5 năm 2026, Ủy ban nhân dân tỉnh Sông Lớn đã ban hành Công văn số 1804/UBND-NN về kênh."
    (found,) = plan(grounds=grounds).legal_bases
    assert (found.kind, found.number, found.date) == ("Công văn", "1804/UBND-NN", date(2026, 5, 15))


BUDGET = """Đơn vị tính: triệu đồng

| STT | Nội dung | Nguồn kinh phí |  | Cộng |
|---|---|---|---|---|
|  |  | Ngân sách phường | Xã hội hóa |  |
| 1 | In tờ rơi | 47,5 | 30 | {sum} |
| 2 | Phát thanh | 55 | - | 55 |
|  | Tổng cộng | 102,5 | 30 | 132,5 |
"""


def test_a_line_tells_what_each_source_bears() -> None:
    budget = plan(BUDGET.format(sum="77,5"), heading="KINH PHÍ").budget
    assert budget
    assert [line.origins for line in budget.lines] == [
        (Share("Ngân sách phường", 47_500_000), Share("Xã hội hóa", 30_000_000)),
        (Share("Ngân sách phường", 55_000_000),),
    ]


def test_sources_that_do_not_make_up_the_amount_are_left_out() -> None:
    budget = plan(BUDGET.format(sum="78"), heading="KINH PHÍ").budget
    assert budget
    assert budget.lines[0].origins == ()


def test_a_cell_of_named_figures_is_their_sum_and_names_no_payee() -> None:
    table = (
        "Đơn vị tính: nghìn đồng\n\n| STT | Nội dung | Thành tiền |\n|---|---|---|\n"
        "| 1 | Trang trí | - Băng rôn: 4.800<br>- Pa nô: 7.200 |\n| 2 | In tờ gấp | 9.500 |\n"
    )
    budget = plan(table, heading="KINH PHÍ").budget
    assert budget
    assert [(line.amount, line.payees) for line in budget.lines] == [(12_000_000, ()), (9_500_000, ())]


def test_a_range_of_months_is_no_day() -> None:
    found = understand_deadline("Tháng 7 - 12/2026")
    assert (found.date, found.periods[0], found.periods[-1], found.due) == (
        None,
        "2026-07",
        "2026-12",
        date(2026, 12, 31),
    )
    assert understand_deadline("7-12/2026").due is None
    assert understand_deadline("7-12-2026").date == date(2026, 12, 7)


def test_dong_is_money_unless_its_marks_make_it_another_word() -> None:
    def of(text: str) -> list[int]:
        return [amount.value for amount in amounts(text)]

    assert of("42.500.000 đồng chi cho in ấn, 18.000.000 đồng hỗ trợ") == [42_500_000, 18_000_000]
    assert of("10 đồng chí, 2 đồng hồ, 5 đồng chủ trì") == []


def test_bodies_beside_each_other_are_not_one_above_the_other() -> None:
    joint = (
        "CÔNG AN PHƯỜNG GÒ SEN\nĐOÀN TNCS HỒ CHÍ MINH PHƯỜNG GÒ SEN\nSố: 04/KH-CA-ĐTN\n\n"
        "KẾ HOẠCH\nTuyên truyền an toàn giao thông năm 2026\n\nI. NỘI DUNG TUYÊN TRUYỀN\n1. Đội mũ bảo hiểm.\n"
    )
    issuer = read_plan(joint.encode(), "kh.txt").issuer
    assert issuer is not None
    assert issuer.parent is None


def test_a_body_whose_name_begins_with_to_chuc_is_named_whole() -> None:
    (duty,) = plan(duties="1. Các tổ chức chính trị - xã hội phường: vận động đoàn viên đọc bản tin.").duties
    assert duty.owner == "Các tổ chức chính trị - xã hội phường"


def test_what_people_are_told_to_do_is_no_target() -> None:
    text = "KẾ HOẠCH\nTuyên truyền năm 2026\nI. NỘI DUNG TUYÊN TRUYỀN\n1. Diệt lăng quăng mỗi tuần một lần.\n"
    assert read_plan(text.encode(), "kh.txt").targets == ()
    assert [t.count for t in plan("1. Phát trên loa mỗi tuần 02 lần.").targets] == [2]
