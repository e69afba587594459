"""Whether a storm was weathered: nothing lost, nothing twice, nothing unapproved, nothing torn, every đồng told. Pure.

The rules know the states and what they promise, and nothing of how the engine keeps the promise.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from itertools import chain
from typing import Any

from tests.chaos.facts import Facts
from tests.chaos.places import place, reason
from tests.chaos.standing import Publication, Standing, canonical

STANDS = ("delivered", "corrected", "withdrawn")  # it came to stand, whatever followed
DESKS = ("loudspeaker", "contracted")
SEEN = (
    "page",
    "feed",
    "facebook",
    "zalo",
    "zalo_broadcast",
    "webhook",
    *DESKS,
)  # the kinds whose effect can be looked at here
SPENT, FREED = STANDS, ("failed", "cancelled", "missed")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One promise broken. `rule`: lost, twice, unapproved, cancelled, effect, torn, money, open, held."""

    rule: str
    words: str
    delivery: int | None = None


class Verdict:
    def __init__(self, facts: Facts, standing: Standing) -> None:
        self.facts, self.standing = facts, standing

    @cached_property
    def findings(self) -> list[Finding]:
        return [
            *self.lost(),
            *self.frozen_words(),
            *self.unapproved(),
            *self.publications(),
            *self.twice_for_one_post(),
            *self.letters(),
            *(Finding("torn", words) for words in self.standing.torn),
            *self.money(),
            *self.left_open(),
            *(
                Finding("held", f"no backup was restored, and everything is held: {row['reason']}")
                for row in self.facts.holds
            ),
        ]

    # -- what belongs to what --------------------------------------------------------------------------------------

    @cached_property
    def by_id(self) -> dict[int, Row]:
        return {row["id"]: row for row in self.facts.deliveries}

    @cached_property
    def owned(self) -> dict[int, list[Publication]]:
        """Publications by the delivery that ordered them: by name where a file tells it, else by their words."""
        refs = {row["ref"]: row for row in self.facts.deliveries}
        born = {(row["kind"], row["digest"]): row for row in self.facts.deliveries if row["action"] == "publish"}
        found: dict[int, list[Publication]] = defaultdict(list)
        for made in chain.from_iterable(map(self.lives, self.standing.publications)):
            row = refs.get(made.owner) if made.owner else born.get((made.kind, made.born))
            found[row["id"] if row else 0].append(made)
        return found

    def lives(self, made: Publication) -> list[Publication]:
        """What was taken down and ordered anew later stands in the same file again: one publication for each order."""
        orders = {row["ref"] for row in self.facts.deliveries if row["action"] == "publish"}
        starts = [at for at, (ref, _) in enumerate(made.marks) if ref in orders]
        if len(starts) < 2:
            return [made]
        ends = [*starts[1:], len(made.marks)]
        found = []
        for start, end in zip(starts, ends, strict=True):
            (owner, born), (_, last) = made.marks[start], made.marks[end - 1]
            found.append(replace(made, owner=owner, born=born, now=last, gone=True))
        found[-1] = replace(found[-1], now=made.now, gone=made.gone)
        return found

    @cached_property
    def orders(self) -> dict[int, list[Row]]:
        """Corrections and withdrawals by the publication they are about, oldest first."""
        found: dict[int, list[Row]] = defaultdict(list)
        for row in self.facts.deliveries:
            if row["of_id"] is not None:
                found[self.root(row)["id"]].append(row)
        return found

    def root(self, row: Row) -> Row:
        while row["of_id"] is not None:
            row = self.by_id[row["of_id"]]
        return row

    @cached_property
    def approved(self) -> dict[str, Any]:
        """When the words of a digest were first approved."""
        first: dict[int, Any] = {}
        for row in self.facts.approvals:
            if row["decision"] == "approved":
                first[row["version_id"]] = min(row["at"], first.get(row["version_id"], row["at"]))
        found: dict[str, Any] = {}
        for row in self.facts.renderings:  # words that a correction left alone keep their digest
            if at := first.get(row["version_id"]):
                found[row["digest"]] = min(at, found.get(row["digest"], at))
        return found

    # -- the rules -------------------------------------------------------------------------------------------------

    def lost(self) -> Iterator[Finding]:
        for row in self.facts.places:
            if not place(row):
                why = f"; {row['last_error']}" if row["last_error"] else ""
                yield Finding("lost", f"{row['kind']}: neither settled nor on a list: {row['state']}{why}", row["id"])

    def frozen_words(self) -> Iterator[Finding]:
        """The payload that was stored is the one its digest names, and deliveries carry that digest."""
        digests = {}
        for row in self.facts.renderings:
            digests[row["version_id"], row["account_id"]] = row["digest"]
            if canonical(row["kind"], row["body"]) != row["digest"]:
                yield Finding("unapproved", f"the frozen words of version {row['version_id']} are not those digested")
        for row in self.facts.deliveries:
            if row["action"] != "withdraw" and digests.get((row["version_id"], row["account_id"])) != row["digest"]:
                yield Finding("unapproved", "does not carry the digest of its version's words", row["id"])

    def unapproved(self) -> Iterator[Finding]:
        for made in self.standing.publications:
            said = {made.now} if made.owner and made.kind in DESKS else {made.born, made.now}
            if not said <= self.approved.keys():
                yield Finding("unapproved", f"{made.kind} {made.object} says what nobody approved")
            elif made.at and made.at < (self.approved[made.born] - timedelta(seconds=1)).timestamp():
                yield Finding("unapproved", f"{made.kind} {made.object} stood before it was approved")
        for made in self.owned[0]:
            yield Finding("unapproved", f"{made.kind} {made.object} belongs to no order to publish")

    def publications(self) -> Iterator[Finding]:
        for row in self.facts.deliveries:
            if row["action"] == "publish" and row["kind"] in SEEN:
                yield from self.publication(row, [made for made in self.owned[row["id"]] if counts(made, row)])

    def publication(self, row: Row, made: list[Publication]) -> Iterator[Finding]:
        kind, state = row["kind"], row["state"]
        orders = self.orders[row["id"]]
        if len(made) > 1:
            yield Finding("twice", f"{kind}: stands {len(made)} times: {', '.join(m.object for m in made)}", row["id"])
        handed = state == "handed_over" or (kind in DESKS and state == "delivered")
        if not made and (state in STANDS or handed) and not self.may_be_gone(orders):
            yield Finding("lost", f"{kind}: said to be {state}, and stands nowhere", row["id"])
        if made and self.must_not_stand(row):
            yield Finding("cancelled", f"{kind}: {state}, and {made[0].object} stands", row["id"])
        if len(made) == 1 and state in (*STANDS, "handed_over"):
            yield from self.effect(row, made[0], orders)

    def must_not_stand(self, row: Row) -> bool:
        """What a person refused on a desk was laid there all the same."""
        if row["state"] in ("cancelled", "missed", "scheduled"):
            return True
        return row["state"] == "failed" and row["kind"] not in DESKS

    def may_be_gone(self, orders: list[Row]) -> bool:
        """An item taken out of a bulletin leaves nothing behind."""
        return any(order["action"] == "withdraw" and order["attempts_made"] > 0 for order in orders)

    def effect(self, row: Row, made: Publication, orders: list[Row]) -> Iterator[Finding]:
        """Corrections that were carried out are what is read now; so are withdrawals."""
        now, maybe, gone, doubtful = row["digest"], set(), False, False
        for order in orders:
            done = order["state"] in (*STANDS, "handed_over")
            tried = order["attempts_made"] > 0
            if order["action"] == "correct":
                now, maybe = (order["digest"], set()) if done else (now, {*maybe, order["digest"]} if tried else maybe)
            else:
                gone, doubtful = gone or done, doubtful or tried
        if made.now != now and made.now not in maybe and not made.gone:
            yield Finding("effect", f"{row['kind']}: {made.object} does not say what it was corrected to", row["id"])
        if made.gone and not (gone or doubtful):
            yield Finding("effect", f"{row['kind']}: {made.object} was taken down, and nobody ordered it", row["id"])
        if gone and not made.gone:
            yield Finding("effect", f"{row['kind']}: {made.object} was to be taken down, and stands", row["id"])

    def twice_for_one_post(self) -> Iterator[Finding]:
        """Whatever its versions: one post stands once on one account."""
        refs = {row["id"]: row["ref"] for row in self.facts.versions}
        alive: dict[tuple[str, str], list[str]] = defaultdict(list)
        for delivery, made in self.owned.items():
            if delivery:
                row = self.by_id[delivery]
                stands = [m.object for m in made if m.stood and not m.gone and row["kind"] not in DESKS]
                alive[refs[row["version_id"]], row["kind"]] += stands
        for (ref, kind), objects in alive.items():
            if len(objects) > 1:
                yield Finding("twice", f"{kind}: post {ref} stands {len(objects)} times: {', '.join(objects)}")

    def letters(self) -> Iterator[Finding]:
        """To each reader of an issue one letter at most, exactly one where it is said to be sent, with its words."""
        bodies = {(row["version_id"], row["account_id"]): row["body"] for row in self.facts.renderings}
        boxes: dict[str, list[str]] = defaultdict(list)
        for act in self.facts.record:
            if act.vendor == "email":
                boxes[act.object.removeprefix("<").partition("@")[0]].append(act.content["text"])
        for copy in self.facts.copies:
            row = self.by_id[copy["delivery_id"]]
            texts = boxes.pop(letter_mark(row["ref"], copy["subscriber_id"]), [])
            body = bodies[row["version_id"], row["account_id"]]
            yield from (Finding(rule, f"email: {words}", row["id"]) for rule, words in letter(copy, row, texts, body))
        for mark in boxes:
            yield Finding("unapproved", f"email: a letter {mark} that belongs to no reader of no issue")

    def money(self) -> Iterator[Finding]:
        """Every entry follows from its delivery, every total from its entries."""
        entries: dict[int, Counter[str]] = defaultdict(Counter)
        committed: Counter[int] = Counter()
        spent: Counter[int] = Counter()
        for entry in self.facts.entries:
            entries[entry["delivery_id"]][entry["kind"]] += entry["amount"]
            sign = {"reserve": 1, "confirm": -1, "release": -1}.get(entry["kind"], 0)
            committed[entry["line_id"]] += sign * entry["amount"]
            spent[entry["line_id"]] += entry["amount"] if entry["kind"] in ("confirm", "adjust") else 0
        for row in self.facts.deliveries:
            wanted = {"reserve": row["cost"]} if row["cost"] else {}
            if row["cost"] and row["state"] in SPENT:
                wanted["confirm"] = row["cost"]
            if row["cost"] and row["state"] in FREED:
                wanted["release"] = row["cost"]
            if dict(entries[row["id"]]) != wanted:
                yield Finding("money", f"{row['state']}, entries {dict(entries[row['id']])}", row["id"])
        for line in self.facts.lines:
            if (line["committed"], line["spent"]) != (committed[line["id"]], spent[line["id"]]):
                yield Finding("money", f"budget line {line['id']} does not tell the sum of its entries")

    def left_open(self) -> Iterator[Finding]:
        """Nobody is at work any more, so no attempt may look as if somebody were."""
        for attempt in self.facts.attempts:
            if attempt["ended_at"] is None:
                yield Finding("open", f"attempt {attempt['number']} was never closed", attempt["delivery_id"])

    # -- what to tell ----------------------------------------------------------------------------------------------

    def states(self) -> dict[str, dict[str, int]]:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.facts.deliveries:
            found[row["kind"]][row["state"]] += 1
        return {kind: dict(states) for kind, states in sorted(found.items())}

    def lists(self) -> dict[str, dict[str, int]]:
        """How many wait on each list, by the reason a person reads."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.facts.places:
            if (where := place(row)) not in ("", "final"):
                found[where][reason(row)[:120] if where != "handed over" else row["kind"]] += 1
        return {name: dict(reasons) for name, reasons in sorted(found.items())}

    def counts(self) -> dict[str, int]:
        attempts = Counter(row["error_class"] for row in self.facts.attempts)
        actions = Counter(row["action"] for row in self.facts.deliveries)
        moves = Counter(row["kind"] for row in self.facts.events)
        return {
            "deliveries": len(self.facts.deliveries),
            "publish": actions["publish"],
            "correct": actions["correct"],
            "withdraw": actions["withdraw"],
            "attempts": len(self.facts.attempts),
            "interrupted": attempts["Interrupted"],
            "answers lost": attempts["OutcomeUnknown"],
            "doubts": moves["delivery.unknown"],
            "lost": self.of("lost"),
            "twice": self.of("twice"),
            "violations": len(self.findings),
        }

    def of(self, rule: str) -> int:
        return sum(finding.rule == rule for finding in self.findings)


def letter_mark(ref: str, reader: int) -> str:
    """The name of a letter before its @: of a delivery to a reader."""
    return hashlib.sha256(f"{ref}\0{reader}".encode()).hexdigest()[:40]


def letter(copy: Row, row: Row, texts: list[str], body: Row) -> Iterator[tuple[str, str]]:
    """What is wrong with one reader's letter: rule and words."""
    if len(texts) > 1:
        yield "twice", f"{len(texts)} times to one reader"
    if copy["state"] == "sent" and not texts:
        yield "lost", "said to be sent, and in no mailbox"
    if copy["state"] in ("waiting", "sending") and row["state"] in (*STANDS, "failed"):
        yield "lost", f"a reader is {copy['state']} while the delivery is {row['state']}"
    if row["state"] in ("cancelled", "missed") and texts:
        yield "cancelled", f"{row['state']}, and in a mailbox"
    if copy["state"] in ("waiting", "refused") and texts:
        yield "twice", f"in a mailbox although {copy['state']}"
    if any("".join(body["text"].split()) not in "".join(text.split()) for text in texts):
        yield "unapproved", "a letter that does not say the approved words"


def counts(made: Publication, row: Row) -> bool:
    """What the vendor took in and then refused never stood; of any other article it may yet be seen."""
    return made.stood or row["state"] != "failed"
