"""How plans are divided: every numbering officers use, its slips, tables for items; and what is no plan at all."""

from __future__ import annotations

import pytest

from campaigns.reading import PlanRefused, Reading, read_plan

HEAD = """ỦY BAN NHÂN DÂN
PHƯỜNG SÔNG VÀNG
Số: 21/KH-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Sông Vàng, ngày 09 tháng 02 năm 2026
KẾ HOẠCH
Tuyên truyền giữ sạch bến sông năm 2026
Căn cứ Kế hoạch số 6/KH-UBND ngày 12/01/2026 của UBND tỉnh Bến Lúa, UBND phường ban hành Kế hoạch như sau:
"""
SIGNED = "Nơi nhận:\n- Lưu: VT.\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nĐoàn Thị Mây\n"
ROLES = {
    "p": "purpose", "r": "requirements", "t": "themes", "k": "tasks", "m": "methods", "o": "organisation",
    "b": "budget", "-": "other",
}  # fmt: skip

# body; labels of the sections; their roles by letter; number of themes, of what stands below them
SHAPES: dict[str, tuple[str, str, str, int, int]] = {
    "numbers only": (
        "1. Mục đích, yêu cầu\n1.1. Mục đích: biết.\n1.2. Yêu cầu: làm.\n2. Nội dung tuyên truyền\n2.1. Rác\n"
        "2.1.1. Phân loại;\n2.1.2. Thu gom.\n2.2. Nước\n3. Hình thức tuyên truyền\n3.1. Loa.\n4. Tổ chức thực hiện\n"
        "4.1. Văn phòng.\n", "1 2 3 4", "ptmo", 2, 2,
    ),
    "parts in words": (
        "Phần thứ nhất\nMỤC ĐÍCH\n1. Biết.\nPhần thứ hai\nNỘI DUNG TUYÊN TRUYỀN\n1. Rác\n2. Nước\nPhần thứ ba\n"
        "TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\n", "I II III", "pto", 2, 0,
    ),
    "articles": (
        "Điều 1. Mục đích\n1. Biết.\nĐiều 2. Nội dung tuyên truyền\n1. Rác\na) Phân loại;\nb) Thu gom.\n2. Nước\n"
        "Điều 3. Tổ chức thực hiện\n1. Văn phòng.\n", "1 2 3", "pto", 2, 2,
    ),
    "mục with numbers": (
        "Mục 1. MỤC ĐÍCH\n1. Biết.\nMục 2. NỘI DUNG TUYÊN TRUYỀN\n1. Rác\n2. Nước\nMục 3. TỔ CHỨC THỰC HIỆN\n"
        "1. Văn phòng.\n", "1 2 3", "pto", 2, 0,
    ),
    "four levels": (
        "I. MỤC ĐÍCH\n1. Biết.\nII. NỘI DUNG TUYÊN TRUYỀN\n1. Rác\n1.1. Sinh hoạt\n1.1.1. Phân loại\n1.1.1.1. Hữu cơ\n"
        "1.2. Xây dựng\n2. Nước\nIII. TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\n", "I II III", "pto", 2, 2,
    ),
    "letters only": (
        "I. MỤC ĐÍCH\nBiết.\nII. NỘI DUNG TUYÊN TRUYỀN\na) Rác;\nb) Nước;\nc) Cây;\nd) Khí;\nđ) Tiếng ồn.\n"
        "III. TỔ CHỨC THỰC HIỆN\na) Văn phòng.\n", "I II III", "pto", 5, 0,
    ),
    "bullets only": (
        "I. MỤC ĐÍCH\n- Biết.\nII. NỘI DUNG TUYÊN TRUYỀN\n- Rác:\n+ Phân loại;\n+ Thu gom.\n- Nước.\n"
        "III. TỔ CHỨC THỰC HIỆN\n- Văn phòng.\n", "I II III", "pto", 2, 2,
    ),
    "by quarter": (
        "I. MỤC ĐÍCH\n1. Biết.\nII. NỘI DUNG TUYÊN TRUYỀN\nQuý I: Mừng Xuân.\nQuý II: Ngày 30/4.\n- Treo cờ.\n"
        "Quý III: Ngày 27/7.\nIII. TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\n", "I II III", "pto", 3, 1,
    ),
    "phases that hold numbers": (
        "I. MỤC ĐÍCH\n1. Biết.\nII. NỘI DUNG TUYÊN TRUYỀN\nGiai đoạn 1 (từ 01/3 đến 30/6/2026): Chuẩn bị\n1. Tập huấn\n"
        "2. Treo băng rôn\nGiai đoạn 2 (từ 01/7/2026): Cao điểm\n1. Xe loa\nIII. TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\n",
        "I II III", "pto", 2, 3,
    ),
    "numbers that hold months": (
        "I. MỤC ĐÍCH\n1. Biết.\nII. NỘI DUNG TUYÊN TRUYỀN\n1. Đợt cao điểm\nTháng 3: Rác.\nTháng 4: Nước.\n"
        "2. Thường xuyên\nIII. TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\n", "I II III", "pto", 2, 2,
    ),
    "contents and forms in one section": (
        "I. MỤC ĐÍCH\n1. Biết.\nII. NỘI DUNG, HÌNH THỨC TUYÊN TRUYỀN\n1. Nội dung\na) Rác\nb) Nước\nc) Cây\n"
        "2. Hình thức\n"
        "a) Loa\nIII. TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\n", "I II III", "pto", 3, 0,
    ),
    "a table of contents": (
        "I. MỤC ĐÍCH\n1. Biết.\nII. NỘI DUNG TUYÊN TRUYỀN\nSTT\tNội dung\tHình thức\tThời gian\n1\tRác\tLoa\tQuý I\n"
        "2\tNước\tZalo\tQuý II\nIII. TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\n", "I II III", "pto", 2, 0,
    ),
    "a table of tasks": (
        "I. MỤC ĐÍCH\n1. Biết.\nII. NỘI DUNG CÔNG VIỆC\nSTT\tNội dung công việc\tThời gian\tĐơn vị\n"
        "1\tPhát loa\tQuý I\tTổ 1"
        "\n2\tĐăng Zalo\tQuý II\tTổ 2\nIII. TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\n", "I II III", "pko", 2, 0,
    ),
    "labels with a dash": (
        "I - MỤC ĐÍCH\n1- Biết.\nII - NỘI DUNG TUYÊN TRUYỀN\n1- Rác\n2- Nước\nIII - TỔ CHỨC THỰC HIỆN\n1- Văn phòng.\n",
        "I II III", "pto", 2, 0,
    ),
    "Roman numbers without a point": (
        "I MỤC ĐÍCH, YÊU CẦU\n1. Biết.\nII NỘI DUNG TUYÊN TRUYỀN\n1. Rác\n2. Nước\nIII TỔ CHỨC THỰC HIỆN\n"
        "1. Văn phòng.\n",
        "I II III", "pto", 2, 0,
    ),
    "numbers alone on their lines": (
        "I\nMỤC ĐÍCH\n1.\nBiết.\nII\nNỘI DUNG TUYÊN TRUYỀN\n1.\nRác\n2.\nNước\nIII.\nTỔ CHỨC THỰC HIỆN\n1.\n"
        "Văn phòng.\n",
        "I II III", "pto", 2, 0,
    ),
    "items with the section's number": (
        "I. MỤC ĐÍCH\nI.1. Biết.\nII. NỘI DUNG TUYÊN TRUYỀN\nII.1. Rác\nII.2. Nước\nIII. TỔ CHỨC THỰC HIỆN\n"
        "III.1. Văn phòng.\n", "I II III", "pto", 2, 0,
    ),
    "headings that run on": (
        "I. MỤC ĐÍCH: Để bà con biết.\nII. NỘI DUNG TUYÊN TRUYỀN:\n1. Rác\n2. Nước\nIII. HÌNH THỨC: loa, Zalo.\n"
        "IV. THỜI GIAN: cả năm 2026.\nV. TỔ CHỨC THỰC HIỆN:\n1. Văn phòng.\n", "I II III IV V", "ptm-o", 2, 0,
    ),
    "labels through OCR": (
        "I. MỤC ĐÍCH\n1. Biết.\nIl. YÊU CẦU\nl. Thiết thực.\nI1I. NỘI DUNG TUYÊN TRUYỀN\nl. Rác\n2. Nước\n"
        "lV. TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\n", "I II III IV", "prto", 2, 0,
    ),
    "the same numbers one inside the other": (
        "I. MỤC ĐÍCH\n1. Mục đích.\n1. Làm cho biết.\n2. Yêu cầu.\nII. NỘI DUNG TUYÊN TRUYỀN\n1. Rác;\n2. Nước;\n"
        "III. TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\n", "I II III", "pto", 2, 0,
    ),
    "parts that only hold sections": (
        "A. TÌNH HÌNH\nI. THUẬN LỢI\n1. Đông dân.\nB. KẾ HOẠCH NĂM 2026\nI. MỤC ĐÍCH\n1. Biết.\n"
        "II. NỘI DUNG TUYÊN TRUYỀN\n"
        "1. Rác\n2. Nước\nIII. TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\n", "A I B I II III", "---pto", 2, 0,
    ),
}  # fmt: skip


def _plan(body: str, after: str = "") -> Reading:
    return read_plan(f"{HEAD}{body}{SIGNED}{after}".encode(), "thu.txt")


@pytest.mark.parametrize("shape", SHAPES)
def test_sections_and_themes_are_counted_as_a_person_counts_them(shape: str) -> None:
    body, labels, roles, themes, below = SHAPES[shape]
    plan = _plan(body)
    assert [s.label for s in plan.sections] == labels.split()
    assert [s.role for s in plan.sections] == [ROLES[letter] for letter in roles]
    assert len(plan.themes) == themes
    assert sum(len(theme.children) for theme in plan.themes) == below
    assert plan.signer is not None
    assert (plan.signer.name, len(plan.recipients)) == ("Đoàn Thị Mây", 1)


def test_slips_of_numbering_become_warnings_with_their_place() -> None:
    body = (
        "I. MỤC ĐÍCH\n1. Biết.\nII. YÊU CẦU\n1. Làm.\nII. NỘI DUNG TUYÊN TRUYỀN\n1. Rác\n1. Nước\n4. Cây\n"
        "VI. TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\n"
    )
    plan = _plan(body)
    assert [s.expected_label for s in plan.sections] == [None, None, "III", "IV"]
    assert [theme.title for theme in plan.themes] == ["Rác", "Nước", "Cây"]
    told = [(w.code, w.source.lines[0]) for w in plan.warnings if w.source]
    assert told == [("duplicate_label", 14), ("duplicate_label", 16), ("skipped_label", 17), ("skipped_label", 18)]


def test_two_sections_of_one_name_are_told() -> None:
    body = (
        "I. NỘI DUNG TUYÊN TRUYỀN\n1. Rác.\nII. TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\nIII. TỔ CHỨC THỰC HIỆN\n1. Công an.\n"
    )
    warning = next(w for w in _plan(body).warnings if w.code == "duplicate_section")
    assert warning.source is not None
    assert warning.source.lines == (14, 14)
    assert "dòng 12" in warning.message


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("NHIỆM VỤ TRỌNG TÂM", "themes_from_tasks"),
        ("GIẢI PHÁP THỰC HIỆN", "themes_from_section"),
        ("TUYÊN TRUYỀN, PHỔ BIẾN PHÁP LUẬT", "themes_from_section"),
        ("CÁC CHỦ ĐIỂM TUYÊN TRUYỀN", None),
    ],
)
def test_contents_without_a_section_of_their_own_are_taken_with_a_warning(heading: str, code: str | None) -> None:
    body = "I. MỤC ĐÍCH\n1. Biết.\nII. ĐỐI TƯỢNG TUYÊN TRUYỀN\n- Nhân dân.\n"
    body += f"III. {heading}\n1. Tuyên truyền về rác\n2. Tuyên truyền về nước\nIV. TỔ CHỨC THỰC HIỆN\n1. Tổ.\n"
    plan = _plan(body)
    assert [theme.title for theme in plan.themes] == ["Tuyên truyền về rác", "Tuyên truyền về nước"]
    assert {w.code for w in plan.warnings} == ({code} if code else set())


def test_a_section_in_a_table_has_its_rows_for_items() -> None:
    body = (
        "I. NỘI DUNG TUYÊN TRUYỀN\n1. Rác.\nII. HÌNH THỨC\n| TT | Kênh | Tần suất |\n|---|---|---|\n"
        "| 1 | Loa | 2 lần/ngày |\n"
        "| 2 | Zalo | 1 tin/tuần |\n| | Cộng | |\nIII. TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\n"
    )
    plan = _plan(body)
    assert [s.item_count for s in plan.sections] == [1, 2, 1]
    assert [(form.label, form.title) for form in plan.forms] == [("1", "Loa"), ("2", "Zalo")]


def test_appendices_have_their_own_names() -> None:
    after = "Phụ lục 01\nDANH SÁCH TỔ\nSTT\tTổ\tSố hộ\n1\tTổ 1\t20\n2\tTổ 2\t30\nPHỤ LỤC II\nLỊCH PHÁT\n"
    body = "I. NỘI DUNG TUYÊN TRUYỀN\n1. Rác.\nII. TỔ CHỨC THỰC HIỆN\n1. Văn phòng.\n"
    found = [(s.label, s.title, s.item_count) for s in _plan(body, after).sections[2:]]
    assert found == [("Phụ lục 01", "DANH SÁCH TỔ", 2), ("PHỤ LỤC II", "LỊCH PHÁT", 0)]


STATE = "UBND XÃ ĐỒI SIM\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
OTHERS = {
    "Báo cáo": f"{STATE}Số: 15/BC-UBND\nBÁO CÁO\nKết quả thực hiện Kế hoạch tuyên truyền\nI. MỤC ĐÍCH\n1. Đã làm.\n"
    "II. NỘI DUNG TUYÊN TRUYỀN\n1. Đã phát.\nIII. TỔ CHỨC THỰC HIỆN\n1. Tốt.\n",
    "Công văn": f"{STATE}Số: 15/UBND-VX\nV/v đăng tải Kế hoạch tuyên truyền\nKính gửi: Các thôn.\nUBND xã đề nghị:\n"
    "1. Nội dung tuyên truyền: phòng cháy.\n2. Hình thức: loa.\n3. Tổ chức thực hiện: trưởng thôn.\n",
    "Tờ trình": f"{STATE}TỜ TRÌNH\nVề việc ban hành Kế hoạch tuyên truyền\nI. SỰ CẦN THIẾT\nII. NỘI DUNG\n"
    "III. KINH PHÍ\n",
    "Nghị quyết": f"{STATE}NGHỊ QUYẾT\nVề kế hoạch năm 2026\nĐiều 1. Mục tiêu\nĐiều 2. Nhiệm vụ\n"
    "Điều 3. Tổ chức thực hiện\n",
    "Hướng dẫn": f"{STATE}Số: 3/HD-UBND\nHƯỚNG DẪN\nTuyên truyền phòng cháy\nI. NỘI DUNG TUYÊN TRUYỀN\n1. Điện.\n"
    "II. TỔ CHỨC THỰC HIỆN\n1. Thôn.\n",
    "Hợp đồng": f"{STATE}HỢP ĐỒNG TRUYỀN THÔNG\nĐiều 1. Nội dung công việc\nĐiều 2. Kinh phí\n"
    "Điều 3. Trách nhiệm các bên\n",
    "Lịch": "LỊCH PHÁT THANH TUẦN 12\nThứ hai: bản tin xã\nThứ ba: ca nhạc\n",
    "Bài báo": "Kế hoạch tuyên truyền năm 2026 của xã Đồi Sim\n12/03/2026 08:30\n"
    "UBND xã ban hành Kế hoạch số 44/KH-UBND.\n"
    "1. Mục đích, yêu cầu\nNâng cao nhận thức.\n2. Nội dung tuyên truyền\nBa phần.\n3. Tổ chức thực hiện\nThôn làm.\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_no_plan_is_refused_with_what_it_seems_to_be(kind: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        read_plan(OTHERS[kind].encode(), "thu.txt")
    assert (refused.value.code, refused.value.seems) == ("not_a_plan", kind)


def test_a_report_is_not_a_plan_for_the_plan_of_next_month_in_it() -> None:
    text = OTHERS["Báo cáo"] + "KẾ HOẠCH THÁNG SAU\nI. NỘI DUNG TUYÊN TRUYỀN\n1. Rác.\n"
    with pytest.raises(PlanRefused, match="báo cáo"):
        read_plan(text.encode(), "thu.txt")


@pytest.mark.parametrize(("name", "symbol"), [("PHƯƠNG ÁN", "PA"), ("CHƯƠNG TRÌNH", "CTr"), ("ĐỀ ÁN", "ĐA")])
def test_a_plan_by_another_name_is_read_and_says_so(name: str, symbol: str) -> None:
    text = HEAD.replace("KẾ HOẠCH", name).replace("21/KH", f"21/{symbol}") + SHAPES["numbers only"][0] + SIGNED
    plan = read_plan(text.encode(), "thu.txt")
    assert (plan.doc_type, plan.number) == (name.capitalize(), f"21/{symbol}-UBND")
    assert "plan_by_another_name" in {w.code for w in plan.warnings}
