"""The call succeeded and the answer is here: whatever happens to the database or stands in the answer, it is kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from publisher.approval.drafting import edit_post
from publisher.delivery.accounts import set_secrets
from publisher.delivery.models import Account, Delivery
from publisher.delivery.states import State
from publisher.reports.verification import verify_audit, verify_budget
from tests.ward import Ward, fresh, make_ward, turn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
OTHERS_END = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@contextmanager
def receiver(answer: Callable[[dict[str, Any]], bytes]) -> Iterator[str]:
    """A webhook receiver at that address; `answer` gets each message."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = answer(message)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/tin"
        server.shutdown()


def paid(ward: Ward, address: str) -> Delivery:
    account = ward.account("webhook", settings={"url": address}, rate=1000, budget_line=ward.line)
    set_secrets(account, {"secret": "khóa của bài thử, đủ dài"}, by=ward.admin)
    return ward.one("webhook")


def test_an_answer_outlives_the_connection_it_was_to_be_recorded_on():
    """PostgreSQL ends every session while the vendor works: as when it is restarted between call and record.

    SQLite has no session to lose: there it is the same story without that end.
    """
    came: list[str] = []

    def kill_then_answer(message: dict[str, Any]) -> bytes:
        came.append(message["id"])
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(OTHERS_END)
        connection.close()
        return b"{}"

    ward = make_ward()
    with receiver(kill_then_answer) as address:
        delivery = paid(ward, address)
        turn()
        assert fresh(delivery).state == State.DELIVERED
        turn()
    assert came == [str(delivery.ref)]
    ward.line.refresh_from_db()
    assert (ward.line.committed, ward.line.spent) == (0, 1000)
    assert verify_audit() == []
    assert verify_budget() == []


@pytest.mark.parametrize(
    "said",
    [{"id": "tin\0 7"}, {"id": "x" * 300}, {"url": f"https://cong.example/{'x' * 900}"}],
    ids=["nul", "id", "url"],
)
def test_an_answer_that_no_row_can_hold_is_cut_to_what_one_can(said):
    ward = make_ward()
    with receiver(lambda _: json.dumps(said).encode()) as address:
        delivery = paid(ward, address)
        turn()
    assert fresh(delivery).state == State.DELIVERED
    assert fresh(delivery).remote_id
    assert verify_audit() == []


def test_words_edited_while_a_message_was_in_doubt_are_not_sent_by_looking_for_them():
    """Looking must not publish: an edit, a blackout or a restored backup may have come between."""
    ward = make_ward()
    came: list[str] = []

    def lose(message: dict[str, Any]) -> bytes:
        came.append(message["title"])
        raise ConnectionResetError  # the answer never comes

    with receiver(lose) as address:
        delivery = paid(ward, address)
        turn()
        assert fresh(delivery).state in {State.UNKNOWN, State.SCHEDULED}
        post = fresh(delivery).version.post
        edit_post(post, {"title": "Tiêu đề khác"}, by=ward.officer, revision=post.revision)
        for _ in range(3):
            Account.objects.update(rests_until=None)
            Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now())
            turn()
    assert len(came) == 1, "the words were taken back"
