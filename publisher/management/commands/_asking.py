"""What several commands share: whose data, and how errors reach the reader."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import CommandError

from publisher.people.models import Organisation


def organisation_named(slug: str | None) -> Organisation:
    """The organisation `slug`, or the only one there is. Raises `CommandError`."""
    known = Organisation.objects.filter(retired_at=None)
    if slug:
        found = known.filter(slug=slug).first()
        if found is None:
            raise CommandError(
                f"Không có đơn vị “{slug}”. Các đơn vị: {', '.join(known.values_list('slug', flat=True))}."
            )
        return found
    if known.count() != 1:
        raise CommandError(
            "Hãy chọn đơn vị bằng --org MÃ."
            if known.exists()
            else "Chưa có đơn vị nào. Lập bằng “publisher organisation create”."
        )
    return known.get()


def file_bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError as error:
        raise CommandError(f"Không thấy tệp “{path}”. Kiểm tra đường dẫn rồi chạy lại.") from error
    except OSError as error:
        raise CommandError(
            f"Không đọc được tệp “{path}”: {error.strerror}. Kiểm tra đường dẫn và quyền đọc."
        ) from error
