"""Calendar files, read back by the library that others read them with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from publisher.timetable.ical import Entry, calendar, text

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
STAMP = datetime(2026, 3, 1, 9, tzinfo=ZONE)
ENTRY = Entry(
    uid="delivery-1@phuong",
    starts_at=datetime(2026, 3, 3, 8, tzinfo=ZONE),
    title="Mời dự đối thoại; hỏi, đáp",
    description="Dòng một\nDòng hai: \\n không phải xuống dòng",
    place="Hội trường UBND phường",
    url="https://phuong.example/tin/1?a=1,2;3",
    categories=("Loa, đài", "Khẩn"),
    sequence=2,
)


def parsed(data: bytes) -> list:
    file = Calendar.from_ical(data)
    assert file.errors == []
    events = file.walk("VEVENT")
    assert [event.errors for event in events] == [[]] * len(events)
    return events


def test_an_entry_comes_back_as_it_was_written():
    (event,) = parsed(calendar("Lịch đăng, phường", [ENTRY], stamp=STAMP))
    assert str(event["uid"]) == ENTRY.uid
    assert event.decoded("dtstart") == ENTRY.starts_at
    assert event.decoded("dtstamp") == STAMP
    assert event.decoded("duration") == timedelta(minutes=15)
    assert (str(event["summary"]), str(event["description"])) == (ENTRY.title, ENTRY.description)
    assert (str(event["location"]), str(event["url"])) == (ENTRY.place, ENTRY.url)
    assert [str(category) for category in event.categories] == list(ENTRY.categories)
    assert (event["sequence"], str(event["status"])) == (2, "CONFIRMED")


def test_a_cancelled_entry_stays_under_its_uid_and_says_so():
    (event,) = parsed(calendar("Lịch", [replace(ENTRY, cancelled=True, sequence=3)], stamp=STAMP))
    assert (str(event["uid"]), str(event["status"]), event["sequence"]) == (ENTRY.uid, "CANCELLED", 3)


def test_the_file_names_its_calendar_and_carries_no_alarm():
    data = calendar("Lịch đăng; phường", [ENTRY], stamp=STAMP)
    assert Calendar.from_ical(data).calendar_name == "Lịch đăng; phường"
    assert b"X-WR-CALNAME:" in data
    assert b"VALARM" not in data
    assert b"METHOD:PUBLISH" in data
    assert data.startswith(b"BEGIN:VCALENDAR\r\n")


def test_moments_are_written_in_utc_so_that_no_reader_needs_a_zone():
    data = calendar("Lịch", [ENTRY], stamp=STAMP)
    assert b"DTSTART:20260303T010000Z" in data
    assert b"TZID" not in data


def test_the_order_of_entries_does_not_change_the_file():
    other = replace(ENTRY, uid="delivery-2@phuong", starts_at=ENTRY.starts_at - timedelta(hours=1))
    assert calendar("Lịch", [ENTRY, other], stamp=STAMP) == calendar("Lịch", [other, ENTRY], stamp=STAMP)


def test_doubled_uids_and_moments_without_zone_are_refused():
    with pytest.raises(ValueError, match="same uid"):
        calendar("Lịch", [ENTRY, ENTRY], stamp=STAMP)
    with pytest.raises(ValueError, match="zone"):
        calendar("Lịch", [ENTRY], stamp=STAMP.replace(tzinfo=None))


def test_a_line_end_in_an_address_begins_no_property_of_its_own():
    (event,) = parsed(calendar("Lịch", [replace(ENTRY, url="https://a.example/\r\nATTACH:x")], stamp=STAMP))
    assert "attach" not in event


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Entry,
            uid=st.uuids().map(str),
            starts_at=st.integers(0, 10**7).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n)),
            title=st.text(max_size=60),
            description=st.text(alphabet=st.characters() | st.sampled_from('\r\n\\;,:"ạếđ')),
            place=st.text(max_size=20),
            url=st.from_regex(r"https://[a-z]{1,5}\.example/[a-z0-9/?&=,;%-]{0,90}", fullmatch=True),
            categories=st.lists(st.text(min_size=1, max_size=9), max_size=2).map(tuple),
            cancelled=st.booleans(),
        ),
        max_size=3,
        unique_by=lambda entry: entry.uid,
    )
)
def test_whatever_the_text_lines_are_folded_and_everything_is_read_back(entries):
    data = calendar("Lịch", entries, stamp=STAMP)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")
    found = {str(event["uid"]): event for event in parsed(data)}
    assert set(found) == {entry.uid for entry in entries}
    for entry in entries:
        event = found[entry.uid]
        assert str(event["summary"]) == text(entry.title)
        assert str(event.get("description", "")) == text(entry.description)
        assert str(event["url"]) == entry.url
        assert event.decoded("dtstart") == entry.starts_at
