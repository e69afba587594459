"""Faults on demand. `POST /_faults` with JSON or a form.

vendor, call ("*" is any), fault (or kind): see `fault_kinds`. times (1): how often. skip (0): how many such calls go
well first. match (""): strikes only calls that hold these words, so that one post can be hit. when: "before" or "after"
the commit, where the kind leaves it open. seconds (3): of a delay, a lag or a wait. Anything else (code, subcode,
message, status, percent, retry_after, transient) goes to the kind.

`POST /_chaos` {"seed", "rates": {kind: share}, "calls": {vendor: [call]}, "seconds"} strikes by chance, the same way
for the same seed: the lot of a call hangs on the seed, the delivery's id (or the publisher's own link in it) and how
often it was made, not on the order in which threads come. Without "calls": what creates something, everywhere.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

from channels.sandbox.fault_kinds import CALLS, CREATING, FAULTS, Order
from channels.sandbox.record import pid_in
from channels.sandbox.store import Store

KNOWN = {"vendor", "call", "fault", "kind", "times", "skip", "match", "when", "seconds"}


class Faults:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self.chaos = Chaos(store)
        self._armed = self._any_left()

    def order(self, given: Mapping[str, Any]) -> str:
        """Sets a fault. Returns what is wrong with the order, "" when it stands."""
        vendor, call = str(given.get("vendor", "")), str(given.get("call", ""))
        name, when = str(given.get("fault") or given.get("kind") or ""), str(given.get("when", ""))
        if wrong := _wrong_kind(vendor, call, name, when):
            return wrong
        try:
            times, skip = int(given.get("times", 1)), int(given.get("skip", 0))
            seconds = float(given.get("seconds", 3))
        except (TypeError, ValueError):
            return "Số lần và số giây phải là số."
        if not (1 <= times <= 100_000 and 0 <= seconds <= 100_000 and 0 <= skip <= 100_000):
            return "Số lần từ 1 đến 100000, số lần bỏ qua từ 0 đến 100000, số giây từ 0 đến 100000."
        detail = {key: value for key, value in given.items() if key not in KNOWN}
        self._store.insert(
            "fault",
            vendor=vendor,
            call=call,
            fault=name,
            times=times,
            left=times,
            seconds=seconds,
            moment=when,
            skip=skip,
            match=str(given.get("match", "")),
            detail=json.dumps(detail, ensure_ascii=False),
        )
        self._armed = True
        return ""

    def take(self, vendor: str, call: str, words: str, known: str = "") -> Order | None:
        """The fault that strikes this call now, counted down: one that was ordered, else one by chance. `words` is
        what the call says, `known` the name its sender gave it."""
        ordered = self._ordered(vendor, call, words) if self._armed else None
        return ordered or self.chaos.take(vendor, call, known or pid_in(words))

    def _ordered(self, vendor: str, call: str, words: str) -> Order | None:
        sql = "SELECT * FROM fault WHERE vendor = ? AND call IN (?, '*') AND left > 0 ORDER BY id"
        with self._lock, self._store.transaction():
            for row in self._store.rows(sql, (vendor, call)):
                if row["match"] and row["match"] not in words:
                    continue
                column = "skip" if row["skip"] else "left"
                self._store.write(f"UPDATE fault SET {column} = {column} - 1 WHERE id = ?", (row["id"],))  # noqa: S608
                if row["skip"]:
                    continue
                self._armed = self._any_left()
                return Order(vendor, row["fault"], row["seconds"], row["moment"], json.loads(row["detail"]))
        return None

    def _any_left(self) -> bool:
        return bool(self._store.rows("SELECT 1 FROM fault WHERE left > 0 LIMIT 1"))

    def listed(self) -> list[dict[str, Any]]:
        rows = self._store.rows("SELECT * FROM fault ORDER BY id")
        return [{**dict(row), "detail": json.loads(row["detail"])} for row in rows]

    def clear(self) -> None:
        self._store.write("DELETE FROM fault")
        self._armed = False


class Chaos:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._seen: Counter[tuple[str, str, str]] = Counter()
        self._struck: Counter[str] = Counter()
        self._given = store.setting("chaos")

    def order(self, given: Mapping[str, Any]) -> str:
        """Starts anew. Returns what is wrong with the order, "" when it stands; no rates end it."""
        rates, calls = given.get("rates", {}), given.get("calls", CREATING)
        if not isinstance(rates, dict) or set(rates) - set(FAULTS):
            return f"Tỉ lệ theo từng loại lỗi, các loại: {', '.join(FAULTS)}."
        if not all(isinstance(rate, int | float) and 0 <= rate <= 1 for rate in rates.values()):
            return "Mỗi tỉ lệ là một số từ 0 đến 1."
        if not isinstance(calls, dict) or any(set(some) - set(CALLS.get(vendor, ())) for vendor, some in calls.items()):
            return "Các lệnh ghi theo từng bên, ví dụ {“facebook”: [“feed”]}."
        chosen = {"seed": given.get("seed", 0), "rates": rates, "seconds": float(given.get("seconds", 3))}
        with self._lock:
            self._seen.clear()
            self._struck.clear()
            self._given = {**chosen, "calls": {vendor: list(some) for vendor, some in calls.items()}} if rates else {}
        self._store.keep("chaos", self._given)
        return ""

    def take(self, vendor: str, call: str, known: str) -> Order | None:
        given = self._given
        some = given.get("calls", {}).get(vendor, ())
        if call not in some and "*" not in some:
            return None
        with self._lock:
            self._seen[vendor, call, known] += 1
            lot = _lot(given["seed"], vendor, call, known, self._seen[vendor, call, known])
            for kind, rate in sorted(given["rates"].items()):
                if vendor not in FAULTS[kind].vendors:
                    continue
                if lot < rate:
                    self._struck[f"{vendor} {call} {kind}"] += 1
                    return Order(vendor, kind, given["seconds"])
                lot -= rate
        return None

    def told(self) -> dict[str, Any]:
        """What is set, how many calls came under it, and how often each kind struck."""
        with self._lock:
            return {**self._given, "calls_seen": self._seen.total(), "struck": dict(sorted(self._struck.items()))}


def _lot(*of: Any) -> float:
    """From 0 to 1, always the same for the same."""
    digest = hashlib.sha256("|".join(str(one) for one in of).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _wrong_kind(vendor: str, call: str, name: str, when: str) -> str:
    fault = FAULTS.get(name)
    if vendor not in CALLS:
        return f"Không có bên nào tên “{vendor}”: dùng {', '.join(CALLS)}."
    if call not in CALLS[vendor]:
        return f"Không có lệnh “{call}”: dùng {', '.join(CALLS[vendor])}."
    if fault is None or vendor not in fault.vendors:
        known = ", ".join(key for key, value in FAULTS.items() if vendor in value.vendors)
        return f"Không có lỗi “{name}” cho {vendor}: dùng {known}."
    if when not in ("", "before", "after") or (when == "before" and (fault.reads or fault.hint)):
        return "Lúc gây lỗi là “before” hoặc “after”; lỗi này chỉ có thể sau khi làm xong."
    return ""
