"""An installation under test: its processes are real, and so are the people's acts, done through `publisher shell`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import requests

from tests.processes import Command
from tests.services import wait_until

Start = Callable[..., Command]


class Office:
    """Runs snippets of an office's work in a process of its own, against the installation that `env` describes."""

    def __init__(self, start: Start, env: Mapping[str, str]) -> None:
        self.start = start
        self.env = dict(env)

    def do(self, code: str) -> Any:
        """Runs `code`; what it leaves in `answer` comes back as JSON."""
        script = f"import json\nanswer = None\n{code}\nprint('ANSWER', json.dumps(answer, default=str))"
        command = self.start("shell", "--no-imports", "-c", script, env=self.env)
        assert command.wait() == 0, command.output
        line = next(line for line in command.output.splitlines() if line.startswith("ANSWER "))
        return json.loads(line.removeprefix("ANSWER "))

    def wait_until(self, code: str, wanted: Callable[[Any], bool], what: str, seconds: float = 60.0) -> Any:
        """Asks again and again until the answer is wanted."""
        found: list[Any] = []

        def ready() -> bool:
            found.append(self.do(code))
            return wanted(found[-1])

        try:
            wait_until(ready, what, seconds)
        except TimeoutError as error:
            raise AssertionError(f"{error}; last answer: {found[-1:]}") from error
        return found[-1]


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


def posts_in_sandbox(url: str, vendor: str = "facebook") -> list[dict[str, Any]]:
    answer = requests.get(f"{url}/_posts", params={"vendor": vendor}, timeout=5).json()
    return answer if isinstance(answer, list) else answer["posts"]


WARD = "from publisher.samples.ward import *\nfrom publisher.samples.demo import *\n"

ONE_FACEBOOK_POST = (
    WARD
    + """
from campaigns.models import Post
from publisher.approval.drafting import edit_post
from publisher.approval.review import approve, submit
wait_for_nothing(ward())
post = Post.objects.order_by("pk").first()
officer, approver = person_of(Role.OFFICER), person_of(Role.APPROVER)
post = finish(post)
post = edit_post(post, {"accounts": list(Account.objects.filter(kind="facebook"))}, by=officer, revision=post.revision)
version = submit(post, by=officer)
answer = [d.pk for d in approve(version, by=approver, digest=version.digest)]
"""
)
