"""The life of a delivery: its states and the one table of legal moves. Pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    SCHEDULED = "scheduled"  # waits for its time, or for the next try
    QUEUED = "queued"  # claimed; its id is with the broker
    SENDING = "sending"  # an attempt is open: the call may be under way
    PROCESSING = "processing"  # the remote works on it
    HANDED_OVER = "handed_over"  # a person or contractor acts; evidence closes it
    DELIVERED = "delivered"  # it stands, proved
    FAILED = "failed"  # the remote said no
    UNKNOWN = "unknown"  # the answer was lost: only reading back or a person decides
    CANCELLED = "cancelled"
    MISSED = "missed"  # its late rule forbade sending it
    CORRECTED = "corrected"  # it stands with newer words
    WITHDRAWN = "withdrawn"


MOVES: dict[State, frozenset[State]] = {
    # to unknown: a restored backup still plans what may have gone out since
    State.SCHEDULED: frozenset({State.QUEUED, State.CANCELLED, State.MISSED, State.UNKNOWN}),
    State.QUEUED: frozenset({State.SENDING, State.SCHEDULED, State.CANCELLED}),
    State.SENDING: frozenset(
        {State.DELIVERED, State.PROCESSING, State.HANDED_OVER, State.SCHEDULED, State.FAILED, State.UNKNOWN}
    ),
    # to unknown: a remote that never says how it ended
    State.PROCESSING: frozenset({State.DELIVERED, State.FAILED, State.UNKNOWN}),
    State.HANDED_OVER: frozenset({State.DELIVERED, State.FAILED}),
    State.UNKNOWN: frozenset({State.DELIVERED, State.PROCESSING, State.HANDED_OVER, State.SCHEDULED, State.FAILED}),
    State.DELIVERED: frozenset({State.CORRECTED, State.WITHDRAWN}),
    State.CORRECTED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
    State.MISSED: frozenset(),
}

FINAL = frozenset(state for state, onward in MOVES.items() if not onward)

LABELS = {
    State.SCHEDULED: "đã lên lịch",
    State.QUEUED: "đang chờ gửi",
    State.SENDING: "đang gửi",
    State.PROCESSING: "kênh đang xử lý",
    State.HANDED_OVER: "đã giao người thực hiện",
    State.DELIVERED: "đã đăng",
    State.FAILED: "không đăng được",
    State.UNKNOWN: "không rõ",
    State.CANCELLED: "đã hủy",
    State.MISSED: "đã lỡ",
    State.CORRECTED: "đã đính chính",
    State.WITHDRAWN: "đã gỡ",
}
