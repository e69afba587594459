"""Threads that write to one SQLite file take turns; nobody who died keeps the others waiting."""

from __future__ import annotations

import threading

from publisher.sqlite.base import Turn


def test_the_next_begins_when_the_last_has_ended():
    turn, seen, most = Turn(), [], []

    def write() -> None:
        for _ in range(200):
            holder = turn.take(10)
            assert holder is not None
            seen.append(1)
            most.append(len(seen))
            seen.pop()
            turn.give_up(holder)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(most) == 800
    assert set(most) == {1}


def test_whoever_died_in_its_turn_is_passed_over():
    turn = Turn()
    dead = threading.Thread(target=turn.take, args=(1,))
    dead.start()
    dead.join()
    assert turn.take(5) is not None


def test_a_turn_that_was_passed_over_ends_nobody_elses():
    turn, old = Turn(), []
    dead = threading.Thread(target=lambda: old.append(turn.take(1)))
    dead.start()
    dead.join()
    mine = turn.take(5)
    turn.give_up(old[0])
    assert turn.take(0) is None, "it is still mine"
    assert mine is not None


def test_patience_ends():
    turn = Turn()
    assert turn.take(1) is not None
    assert turn.take(0) is None
