"""Every address with every role, a stranger of another organisation, and nobody."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from publisher.console.urls import urlpatterns
from publisher.people.rights import Role

EVERYBODY = set(Role)
OFFICER, ADMIN, APPROVER = {Role.OFFICER}, {Role.ADMIN}, {Role.APPROVER}
RECALLING = OFFICER | APPROVER
OPERATOR = {Role.OPERATOR}
AIRING = OFFICER | OPERATOR
MONEY = EVERYBODY - OPERATOR
NOT_OFFERED: set[Role] = set()

# address: which row it names, who may read it, who may act on it
TABLE: dict[str, tuple[str, set[Role], set[Role]]] = {
    "today": ("", EVERYBODY, NOT_OFFERED),
    "today-live": ("", EVERYBODY, NOT_OFFERED),
    "plans": ("", EVERYBODY, OFFICER),
    "plans-reading": ("", EVERYBODY, NOT_OFFERED),
    "document-again": ("document", NOT_OFFERED, OFFICER),
    "plan": ("plan", EVERYBODY, NOT_OFFERED),
    "plan-review": ("plan", EVERYBODY, NOT_OFFERED),
    "plan-correct": ("finding", OFFICER, OFFICER),
    "plan-add": ("findings", OFFICER, OFFICER),
    "plan-judge": ("plan", NOT_OFFERED, OFFICER),
    "plan-warning": ("plan", NOT_OFFERED, OFFICER),
    "plan-offer": ("plan", NOT_OFFERED, OFFICER),
    "plan-derive": ("plan", EVERYBODY, OFFICER),
    "plan-progress": ("plan", EVERYBODY, NOT_OFFERED),
    "plan-compare": ("plan", EVERYBODY, NOT_OFFERED),
    "plan-replace": ("plan", NOT_OFFERED, OFFICER),
    "plan-revision": ("revision", EVERYBODY, OFFICER),
    "campaigns": ("", EVERYBODY, NOT_OFFERED),
    "campaigns-load": ("", OFFICER, OFFICER),
    "campaign": ("campaign", EVERYBODY, NOT_OFFERED),
    "campaign-decide": ("campaign", NOT_OFFERED, OFFICER),
    "campaign-edit": ("campaign", EVERYBODY, OFFICER),
    "campaign-definition": ("campaign", EVERYBODY, OFFICER),
    "campaign-yaml": ("campaign", EVERYBODY, NOT_OFFERED),
    "posts": ("", EVERYBODY, NOT_OFFERED),
    "posts-import": ("", OFFICER, OFFICER),
    "posts-export": ("", EVERYBODY, NOT_OFFERED),
    "post-new": ("", OFFICER, OFFICER),
    "post": ("post", EVERYBODY, OFFICER),
    "post-move": ("post", RECALLING, RECALLING),
    "post-preview": ("post", NOT_OFFERED, OFFICER),
    "post-correct": ("post", NOT_OFFERED, RECALLING),
    "library": ("", EVERYBODY, OFFICER),
    "library-pick": ("", OFFICER, NOT_OFFERED),
    "library-picture": ("asset", EVERYBODY, OFFICER),
    "library-small": ("asset", EVERYBODY, NOT_OFFERED),
    "library-original": ("asset", OFFICER, NOT_OFFERED),
    "library-retire": ("asset", NOT_OFFERED, OFFICER),
    "library-bring-back": ("asset", NOT_OFFERED, OFFICER),
    "making": ("", OFFICER, OFFICER),
    "making-preview": ("", NOT_OFFERED, OFFICER),
    "making-drawn": ("", OFFICER | ADMIN, NOT_OFFERED),
    "making-styles": ("", ADMIN, ADMIN),
    "making-style": ("style", ADMIN, ADMIN),
    "picture": ("picture", EVERYBODY, NOT_OFFERED),
    "video": ("video", EVERYBODY, NOT_OFFERED),
    "sound": ("sound", EVERYBODY, NOT_OFFERED),
    "post-sound": ("post", NOT_OFFERED, OFFICER),
    "airing": ("", EVERYBODY, NOT_OFFERED),
    "airing-session": ("bulletin", EVERYBODY, NOT_OFFERED),
    "airing-tell": ("bulletin", NOT_OFFERED, AIRING),
    "airing-approve": ("bulletin", NOT_OFFERED, APPROVER),
    "airing-speak": ("bulletin", NOT_OFFERED, AIRING | APPROVER),
    "airing-file": ("bulletin-file", EVERYBODY, NOT_OFFERED),
    "airing-week": ("", EVERYBODY, NOT_OFFERED),
    "airing-week-paper": ("week-paper", EVERYBODY, NOT_OFFERED),
    "airing-log": ("", EVERYBODY, NOT_OFFERED),
    "airing-log-export": ("export", EVERYBODY, NOT_OFFERED),
    "airing-addresses": ("", AIRING | ADMIN, AIRING | ADMIN),
    "airing-address-revoke": ("playlist", NOT_OFFERED, AIRING | ADMIN),
    "approvals": ("", EVERYBODY, NOT_OFFERED),
    "approval": ("approval", EVERYBODY, APPROVER),
    "approval-return": ("approval", NOT_OFFERED, APPROVER),
    "calendar": ("", EVERYBODY, NOT_OFFERED),
    "campaign-timetable": ("campaign", EVERYBODY, OFFICER),
    "plan-timetable": ("plan", EVERYBODY, OFFICER),
    "days": ("", EVERYBODY, OFFICER | ADMIN),
    "day-remove": ("day", NOT_OFFERED, OFFICER | ADMIN),
    "timing-rules": ("", NOT_OFFERED, ADMIN),
    "happenings": ("", EVERYBODY, OFFICER),
    "happening": ("happening", EVERYBODY, OFFICER),
    "happening-move": ("happening", NOT_OFFERED, OFFICER),
    "happening-cancel": ("happening", NOT_OFFERED, OFFICER),
    "happening-revive": ("happening", NOT_OFFERED, OFFICER),
    "change-seen": ("change", NOT_OFFERED, RECALLING),
    "blackout": ("", EVERYBODY, APPROVER | ADMIN),
    "blackout-lift": ("", NOT_OFFERED, APPROVER | ADMIN),
    "held-decide": ("delivery", NOT_OFFERED, RECALLING),
    "feeds": ("", EVERYBODY, EVERYBODY),
    "feed-revoke": ("feed", NOT_OFFERED, OFFICER | ADMIN),  # who opened it, or manages all
    "deliveries": ("", EVERYBODY, NOT_OFFERED),
    "unknown": ("", EVERYBODY, NOT_OFFERED),
    "deliveries-export": ("export", EVERYBODY, NOT_OFFERED),
    "delivery": ("delivery", EVERYBODY, NOT_OFFERED),
    "delivery-confirm": ("delivery", NOT_OFFERED, OFFICER),
    "delivery-link": ("delivery", NOT_OFFERED, OFFICER),
    "delivery-refuse": ("delivery", NOT_OFFERED, OFFICER),
    "delivery-decide": ("delivery", NOT_OFFERED, RECALLING),
    "delivery-cancel": ("delivery", NOT_OFFERED, RECALLING),
    "delivery-withdraw": ("delivery", NOT_OFFERED, RECALLING),
    "delivery-evidence": ("delivery", NOT_OFFERED, OFFICER),
    "evidence": ("evidence", EVERYBODY, NOT_OFFERED),
    "notices": ("", EVERYBODY, NOT_OFFERED),
    "notices-read": ("", NOT_OFFERED, EVERYBODY),
    "notices-choice": ("", NOT_OFFERED, EVERYBODY),
    "endpoints": ("", ADMIN, ADMIN),
    "endpoint": ("endpoint", ADMIN, NOT_OFFERED),
    "endpoint-pause": ("endpoint", NOT_OFFERED, ADMIN),
    "endpoint-resume": ("endpoint", NOT_OFFERED, ADMIN),
    "endpoint-rotate": ("endpoint", NOT_OFFERED, ADMIN),
    "endpoint-replay": ("endpoint", NOT_OFFERED, ADMIN),
    "endpoint-retire": ("endpoint", NOT_OFFERED, ADMIN),
    "budget": ("", MONEY, NOT_OFFERED),
    "budget-line": ("budget", MONEY, NOT_OFFERED),
    "accounts": ("", EVERYBODY, NOT_OFFERED),
    "account-new": ("", ADMIN, ADMIN),
    "account": ("account", EVERYBODY, ADMIN),
    "account-connect": ("account", ADMIN, ADMIN),
    "account-sandbox": ("account", NOT_OFFERED, ADMIN),
    "account-check": ("account", NOT_OFFERED, ADMIN),
    "holds": ("", EVERYBODY, ADMIN),
    "brand": ("", ADMIN, ADMIN),
    "brand-progress": ("", ADMIN, NOT_OFFERED),
    "account-hold": ("account", NOT_OFFERED, ADMIN),
    "account-lift": ("account", NOT_OFFERED, ADMIN),
    "restored": ("", EVERYBODY, NOT_OFFERED),
    "restored-decide": ("", NOT_OFFERED, RECALLING),
    "restored-lift": ("", NOT_OFFERED, ADMIN),
}
OPEN = {"home", "sign-in", "sign-out", "feed-ics", "airing-m3u", "airing-m3u-sound"}
WITHOUT_ROW = {"", "export", "week-paper"}
INLINE = re.compile(r'\sstyle="|<style|<script(?![^>]*\ssrc=)|\son[a-z]+="|javascript:')


def names() -> set[str]:
    return {str(pattern.name) for pattern in urlpatterns if isinstance(pattern, URLPattern)}


def address(name: str, everything: dict) -> str:
    return reverse(name, kwargs=everything.get(TABLE[name][0], {}))


def expected(method: str, name: str, role: Role) -> set[int]:
    readers, actors = TABLE[name][1:]
    offered = readers if method == "get" else actors
    if not offered:
        return {405}
    if role not in offered:
        return {403}
    return {200, 204} if method == "get" else {200, 302, 409, 422}


def test_the_table_names_every_address() -> None:
    assert names() == set(TABLE) | OPEN


@pytest.mark.parametrize("role", list(Role))
def test_every_role_gets_exactly_what_the_table_says_and_no_page_needs_inline_styles_or_scripts(
    role: Role, office, everything
) -> None:
    client = office.client(role)
    wrong = []
    for name in TABLE:
        read = client.get(address(name, everything))
        acted = client.post(address(name, everything))
        wrong += [
            (method, name, answer.status_code)
            for method, answer in (("get", read), ("post", acted))
            if answer.status_code not in expected(method, name, role)
        ]
        if read.status_code == 200 and "html" in read.headers["Content-Type"]:
            assert not INLINE.search(read.content.decode()), name
            assert "default-src 'self'" in read.headers["Content-Security-Policy"]
    assert not wrong


def test_a_stranger_finds_nothing_of_ours_although_holding_every_role(office, everything) -> None:
    client = office.client(office.stranger)
    for name, (row, readers, actors) in TABLE.items():
        if row in WITHOUT_ROW:
            continue
        for method, offered in (("get", readers), ("post", actors)):
            if offered:
                assert getattr(client, method)(address(name, everything)).status_code == 404, (method, name)


def test_lists_of_a_stranger_hold_no_word_of_ours(office, everything) -> None:
    client = office.client(office.stranger)
    for name, (row, readers, _) in TABLE.items():
        if row in ("", "export") and readers:
            said = client.get(address(name, everything) + "?khi=tat-ca").content.decode()
            assert "Ba thùng" not in said, name
            assert "Sông Vàng" not in said, name


def test_nobody_is_led_to_the_sign_in_and_back(office, everything) -> None:
    client = Client()
    for name, (_, readers, actors) in TABLE.items():
        place = address(name, everything)
        if readers:
            assert client.get(place).headers["Location"].startswith(f"/dang-nhap?next={place}"), name
        if actors:
            answer = client.post(place)
            assert answer.status_code == 401, name
            assert "Phiên làm việc đã hết" in answer.content.decode()


def test_a_polling_page_without_a_session_leads_to_the_sign_in() -> None:
    answer = Client().get(
        "/hom-nay/moi", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/hom-nay?a=1"}
    )
    assert answer.headers["HX-Redirect"] == "/dang-nhap?next=/hom-nay"


def test_somebody_without_an_organisation_is_told_so(office, person) -> None:
    answer = office.client(person("mo-coi")).get("/hom-nay")
    assert answer.status_code == 403
    assert "chưa thuộc đơn vị nào" in answer.content.decode()


def test_every_act_needs_the_token_of_its_form(office, everything) -> None:
    for role in (Role.OFFICER, Role.APPROVER, Role.ADMIN):
        client = office.client(role, enforce_csrf_checks=True)
        for name, (_, _, actors) in TABLE.items():
            if role in actors:
                answer = client.post(address(name, everything))
                assert answer.status_code == 403, name
                assert "Trang đã mở quá lâu" in answer.content.decode()


def test_what_no_database_can_write_is_refused_at_the_door(office, everything) -> None:
    client = office.client(Role.OFFICER)
    assert client.post(address("happening-cancel", everything), {"reason": "mưa\0"}).status_code == 400
    assert client.post(address("plan-correct", everything), {"title": "Kế\0hoạch"}).status_code == 400
    assert client.get("/tin-bai?q=%00").status_code == 400
    assert client.get("/hinh/%00").status_code == 400


def test_an_unknown_row_answers_404_in_words(office) -> None:
    answer = office.client(Role.OFFICER).get("/tin-bai/999999")
    assert answer.status_code == 404
    assert "không thuộc đơn vị của bạn" in answer.content.decode()
