"""Every setting of an installation, read once from the environment (PUBLISHER_…) or a `.env` file.

`docs/configuration.md` is generated from this class. Secrets may be given as files (`…_file`), the form in which
container platforms hand them over. On one machine the missing ones are made once and kept in `var/secrets/`.
"""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class MissingSecret(RuntimeError):
    """A secret that must be given is not there; the message says which and how to give it."""


class BadSetting(RuntimeError):
    """A setting that cannot be followed; the message says which and what it should look like."""


@dataclass(frozen=True, slots=True)
class MailServer:
    host: str
    port: int
    username: str
    password: str = field(repr=False)
    tls: str  # "at once", "upgrade" (STARTTLS) or "" (on this machine)


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="PUBLISHER_", env_file=".env", extra="ignore")

    var_dir: Path = Field(
        ROOT / "var", description="Folder of everything that changes: database, site, files, secrets."
    )
    database_url: str = Field("", description="`postgresql://user@host/name`; empty: SQLite in the var folder.")
    database_password_file: Path | None = Field(None, description="File with the database password.")
    redis_url: str = Field("", description="`redis://host:6379/0`; empty: the broker runs inside the process.")
    secret_key: str = Field("", description="Signs sessions and forms. Empty: made once and kept in the var folder.")
    secret_key_file: Path | None = Field(None, description="File with the secret key.")
    account_keys: str = Field(
        "", description="Comma-separated Fernet keys that encrypt account secrets, newest first. Empty: made once."
    )
    account_keys_file: Path | None = Field(None, description="File with the account keys.")
    event_key: str = Field("", description="Key of the code that marks every event as ours. Empty: made once.")
    event_key_file: Path | None = Field(None, description="File with the event key.")
    make_secrets: bool = Field(
        True, description="Make missing secrets on first start. Off where many machines share one database."
    )
    public_url: str = Field("", description="Address people reach us at, no path. Empty: http://127.0.0.1:<port>.")
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(
        8000, ge=1, le=65535, validation_alias="PORT", description="Port of the web server (`PORT`, without prefix)."
    )
    allowed_hosts: str = Field("", description="Comma-separated host names the console answers to, besides loopback.")
    debug: bool = Field(False, description="Show tracebacks in the browser. Never in service.")
    trusted_proxy: str = Field(
        "", description="Address of the reverse proxy whose X-Forwarded-* headers are believed; empty: none is."
    )
    web_threads: int = Field(8, ge=2, description="Threads of the web server.")
    worker_threads: int = Field(8, ge=1, description="Deliveries sent at the same time by one worker process.")
    lease_seconds: int = Field(90, ge=1, description="How long a worker may hold a delivery before it counts as lost.")
    queue_depth: int = Field(
        256,
        ge=1,
        description="Deliveries claimed ahead of the workers: about a second of work, so that urgent ones wait "
        "no longer.",
    )
    look_again_seconds: float = Field(
        0,
        ge=0,
        description="Seconds between two looks for a lost answer; 0: as long as the channel's own listing may lag.",
    )
    tick_seconds: float = Field(
        1.0, gt=0, description="The clock looks at least this often, even when nobody wakes it."
    )
    sandbox_port: int = Field(
        0, ge=0, le=65535, description="Port of the sandbox that behaves like Facebook and Zalo; 0: the next free one."
    )
    smtp_url: str = Field(
        "",
        description="Mail server for notices to members: `smtps://user@host:465` or `smtp://user@host:587` (STARTTLS; "
        "without it only on this machine). Empty: notices show in the console alone.",
    )
    smtp_password_file: Path | None = Field(None, description="File with the mail server's password.")
    notice_sender: str = Field(
        "", description="Sender of notices, `Name <address>`. Empty: the user of the mail server."
    )
    outbound_hosts: str = Field(
        "",
        description="Comma-separated names or addresses of machines inside the network that may be called (a webhook, "
        "a mail server); empty: none, only public addresses are. `publisher run` and `demo` add 127.0.0.1, where the "
        "sandbox is.",
    )
    soffice: str = Field(
        "soffice",
        description="LibreOffice, which turns .doc and .odt into .docx: a path, or a name on the PATH; empty: none.",
    )

    voice_commands: str = Field(
        "",
        description="Programs that may read bulletins aloud besides espeak-ng: `name = command line` with {text_file} "
        "and {out} (and {rate}, syllables a minute), parted by `;`, run without a shell. Stations choose one by name.",
    )

    @property
    def voices(self) -> dict[str, str]:
        """Command lines by name. Raises `BadSetting` for what is none."""
        found = {}
        for entry in filter(str.strip, self.voice_commands.split(";")):
            name, equals, command = (part.strip() for part in entry.partition("="))
            if not (name and equals and "{text_file}" in command and "{out}" in command):
                told = "is not `name = command` with {text_file} and {out}"
                raise BadSetting(f"PUBLISHER_VOICE_COMMANDS: {entry.strip()!r} {told}")
            found[name] = command
        return found

    @property
    def outbound(self) -> list[str]:
        return [host.strip() for host in self.outbound_hosts.split(",") if host.strip()]

    def secret(self, name: str) -> str:
        """The secret `name`: given, read from its file, or made once. Raises `MissingSecret`."""
        if given := getattr(self, name):
            return str(given)
        if path := getattr(self, f"{name}_file"):
            return read_secret(path, name)
        kept = self.var_dir / "secrets" / name
        if kept.exists():
            return read_secret(kept, name)
        if not self.make_secrets:
            raise MissingSecret(
                f"Thiếu khóa bí mật {name}. Đặt biến PUBLISHER_{name.upper()}_FILE trỏ tới tệp chứa khóa rồi chạy lại."
            )
        return keep_secret(kept, base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())

    def private_folder(self, name: str) -> Path:
        """A folder below the var folder that nobody else on this machine may read."""
        folder = self.var_dir / name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    @cached_property
    def database(self) -> dict[str, object]:
        """Django's DATABASES["default"]."""
        if not self.database_url or self.database_url.startswith("sqlite:"):
            return sqlite_database(self.database_url, self.var_dir)
        return postgresql_database(self.database_url, self.database_password_file)

    @property
    def mail_server(self) -> MailServer:
        """What `smtp_url` says. Raises `BadSetting`, `MissingSecret`."""
        return mail_server(self.smtp_url, self.smtp_password_file)

    @property
    def origin(self) -> str:
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def hosts(self) -> list[str]:
        named = [host.strip() for host in self.allowed_hosts.split(",") if host.strip()]
        public = urlsplit(self.origin).hostname
        return [*named, *([public] if public else []), "127.0.0.1", "localhost", "[::1]"]


def read_secret(path: Path, name: str) -> str:
    try:
        text = path.read_text().strip()
    except OSError as error:
        raise MissingSecret(
            f"Không đọc được tệp khóa {name} tại {path}: {error.strerror}. Kiểm tra đường dẫn và quyền đọc."
        ) from error
    if not text:
        raise MissingSecret(f"Tệp khóa {name} tại {path} rỗng. Ghi khóa vào tệp rồi chạy lại.")
    return text


def keep_secret(path: Path, text: str) -> str:
    """Writes a new secret readable by its owner alone; when another process was first, its secret counts."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        return read_secret(path, path.name)
    finally:
        draft.unlink()
    return text


def sqlite_database(url: str, var_dir: Path) -> dict[str, object]:
    path = Path(unquote(url.removeprefix("sqlite:///"))) if url else var_dir / "publisher.sqlite3"
    path.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "publisher.sqlite",
        "NAME": str(path),
        "OPTIONS": {
            # IMMEDIATE: two writers wait for each other instead of failing half-way. FULL: a power cut must not
            # forget that a post was sent.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def postgresql_database(url: str, password_file: Path | None) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise BadSetting("PUBLISHER_DATABASE_URL phải có dạng postgresql://người-dùng@máy-chủ:cổng/tên-cơ-sở-dữ-liệu.")
    password = read_secret(password_file, "database_password") if password_file else unquote(parts.password or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": password,
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def mail_server(url: str, password_file: Path | None) -> MailServer:
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadSetting("PUBLISHER_SMTP_URL phải có dạng smtps://người-dùng@máy-chủ:465 hoặc smtp://…:587.")
    here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if parts.scheme == "smtps" else 587),
        username=unquote(parts.username or ""),
        password=read_secret(password_file, "smtp_password") if password_file else unquote(parts.password or ""),
        tls="at once" if parts.scheme == "smtps" else "" if here else "upgrade",
    )


config = Settings()
