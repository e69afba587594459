"""The `publisher` command: ours and Django's."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile


def place_of_its_own() -> str:
    """A demonstration touches nothing that stands: its own folder, database, broker and ports."""
    from publisher.ports import free_port

    place = tempfile.mkdtemp(prefix="publisher-demo-")
    for name in [name for name in os.environ if name.startswith("PUBLISHER_")]:
        del os.environ[name]
    os.environ |= {"PUBLISHER_VAR_DIR": place, "PUBLISHER_DATABASE_URL": "", "PUBLISHER_REDIS_URL": ""}
    os.environ |= {"PORT": str(free_port()), "PUBLISHER_TICK_SECONDS": "0.2"}
    return place


def speak() -> None:
    """Needs no settings and no database, so it starts without them."""
    from publisher.management.commands.speak import Command

    Command().run_from_argv(["publisher", *sys.argv[1:]])


def main() -> None:
    if sys.argv[1:2] == ["speak"]:
        speak()
        return
    if sys.argv[1:2] != ["demo"]:
        run()
        return
    place = place_of_its_own()
    try:
        run()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def run() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publisher.settings")
    from django.core.management import execute_from_command_line
    from django.db.utils import DatabaseError, OperationalError
    from pydantic import ValidationError

    from publisher.shadow import ShadowedImport

    try:
        from publisher.config import BadSetting, MissingSecret
    except ValidationError as error:
        sys.exit(f"Cấu hình sai: {error}")
    try:
        execute_from_command_line(["publisher", *sys.argv[1:]])
    except (MissingSecret, BadSetting, ShadowedImport) as error:
        sys.exit(str(error))
    except DatabaseError as error:
        if type(error) not in {OperationalError, DatabaseError}:
            raise  # a mistake of ours, not of the server or the file
        sys.exit(
            f"Không làm việc được với cơ sở dữ liệu: {str(error).splitlines()[0]}. Kiểm tra PUBLISHER_DATABASE_URL, "
            "máy chủ cơ sở dữ liệu có đang chạy không, và đã chạy “publisher migrate” chưa."
        )


if __name__ == "__main__":
    main()
