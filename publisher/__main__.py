"""The `publisher` command: ours and Django's."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publisher.settings")
    from django.core.management import execute_from_command_line
    from pydantic import ValidationError

    from publisher.shadow import ShadowedImport

    try:
        from publisher.config import MissingSecret
    except ValidationError as error:
        sys.exit(f"Cấu hình sai: {error}")
    try:
        execute_from_command_line(["publisher", *sys.argv[1:]])
    except (MissingSecret, ShadowedImport) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
