"""Django's SQLite backend, but for the mode of a new file.

Sessions and password hashes are for the owner alone; what SQLite puts beside its file takes the same mode. The file is
made at the first connection, not before: a command that is refused leaves nothing behind.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not str(conn_params["database"]).startswith("file:"):  # a database in memory
            Path(conn_params["database"]).touch(mode=0o600)
        return super().get_new_connection(conn_params)
