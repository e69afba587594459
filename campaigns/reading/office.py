"""Old Word (.doc) and OpenDocument (.odt) files → .docx, by LibreOffice in a confined process of its own.

Which program that is, is told by the caller. It runs with a profile made for this one file in a temporary folder,
macros switched off, no network where the system lets us take it away (and no proxy that answers where not), bounded
time, memory and file size, and is ended together with everything it started.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from campaigns.reading.limits import DEFAULT, Limits
from campaigns.reading.refusal import PlanRefused
from campaigns.reading.word_package import check_package, has_macros

SECONDS = 60
MEMORY = 3 << 30  # of address space: LibreOffice maps far more than it uses
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_FIB = re.compile(rb"\xec\xa5(?:\xc0\x00|\xc1\x00|\xc2\x00|\xd9\x00|\x01\x01|\x0c\x01|\x12\x01).{7}(.)", re.DOTALL)
_FIB_ENCRYPTED = 0x01  # [MS-DOC] 2.5.2: wIdent, nFib, and fEncrypted in the twelfth byte
_ROOT = Path(__file__).parents[2]
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")
_NOWHERE = "127.0.0.1:9"  # the discard port
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{}</oor:items>
"""
_SETTING = '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>\n'
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Java/ApplicationSettings", "EnableJava", "false"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Inet/Settings", "ooInetProxyType", "1"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def office_format(data: bytes) -> str | None:
    """ "doc" or "odt" for what only LibreOffice reads, None for anything else."""
    if data.startswith(_OLE):
        return "doc"
    return "odt" if data.startswith(b"PK") and _ODT in data[:200] else None


def refuse_unconvertible(data: bytes, kind: str, limits: Limits = DEFAULT) -> None:
    """PlanRefused for what no program may open: `encrypted`, `has_macros`, `not_word`, `broken_doc`, or harmful."""
    if kind == "odt":
        check_package(data, limits, "content.xml")
        return
    if _holds(data, "EncryptedPackage") or _is_locked(data):
        raise PlanRefused("encrypted", "Tệp Word được đặt mật khẩu. Hãy bỏ mật khẩu rồi nạp lại.")
    if not _holds(data, "WordDocument"):
        other = any(_holds(data, name) for name in ("Workbook", "PowerPoint Document", "__properties_version1.0"))
        raise _not_word() if other else broken_doc()
    if _holds(data, "_VBA_PROJECT"):
        raise has_macros()


def needs_libreoffice(kind: str) -> PlanRefused:
    what = "Word đời cũ (.doc)" if kind == "doc" else "OpenDocument (.odt)"
    return PlanRefused(
        "needs_libreoffice",
        f"Tệp là {what}; máy này chưa có LibreOffice để chuyển. Hãy mở tệp bằng Word hoặc LibreOffice, lưu lại thành "
        ".docx rồi nạp lại, hoặc nhờ người quản trị cài LibreOffice.",
    )


def to_docx(data: bytes, soffice: str | None, *, seconds: int = SECONDS, memory: int = MEMORY) -> bytes:
    """The .docx that LibreOffice (`soffice`: a path or a name on the PATH) makes of a .doc or .odt.

    PlanRefused: as `refuse_unconvertible`, `needs_libreoffice`, `too_slow`, `broken_doc`.
    """
    kind = office_format(data) or "doc"
    refuse_unconvertible(data, kind)
    program = shutil.which(soffice) if soffice else None
    if program is None:
        raise needs_libreoffice(kind)
    with tempfile.TemporaryDirectory(prefix="tincoso-office-") as name:
        folder = Path(name)
        source = folder / f"ke-hoach.{kind}"
        source.write_bytes(data)
        _prepare(folder / "profile" / "user")
        _convert(program, source, folder, seconds, memory)
        result = folder / "out" / "ke-hoach.docx"
        if not result.is_file():
            raise broken_doc()
        return result.read_bytes()


def _prepare(user: Path) -> None:
    user.mkdir(parents=True)
    items = "".join(_SETTING.format(*setting) for setting in _SETTINGS)
    (user / "registrymodifications.xcu").write_text(_PROFILE.format(items), "utf-8")


def _convert(program: str, source: Path, folder: Path, seconds: int, memory: int) -> None:
    command = [
        sys.executable, "-B", "-m", "campaigns.reading.confinement", str(seconds), str(memory), program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nologo",
        "--nolockcheck", "--convert-to", "docx", "--outdir", str(folder / "out"), str(source),
    ]  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 (our own command, the program is the caller's setting)
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=_ROOT,
        env=_environment(folder), start_new_session=True,
    )  # fmt: skip
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise _too_slow() from error
    finally:
        end_group(process)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a group, and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _environment(folder: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key in _KEPT or key.startswith("COVERAGE_")}
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), f"http://{_NOWHERE}")
    return {**kept, **proxies, "HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}


def _holds(data: bytes, entry: str) -> bool:
    """Whether the compound file has a stream or storage of that name."""
    return entry.encode("utf-16-le") in data


def _is_locked(data: bytes) -> bool:
    heads = (_FIB.match(data, at) for at in range(512, len(data), 512))
    return any(head[1][0] & _FIB_ENCRYPTED for head in heads if head)


def broken_doc() -> PlanRefused:
    return PlanRefused(
        "broken_doc",
        "Tệp .doc hoặc .odt bị hỏng hoặc có mật khẩu, không mở được. Hãy mở bằng Word, lưu lại thành .docx không mật "
        "khẩu rồi nạp lại.",
    )


def _not_word() -> PlanRefused:
    return PlanRefused(
        "not_word",
        "Tệp là bảng tính, bản trình chiếu hoặc thư, không phải văn bản Word. Hãy nạp kế hoạch ở dạng .docx, .pdf có "
        "lớp chữ, .md hoặc .txt.",
    )


def _too_slow() -> PlanRefused:
    return PlanRefused(
        "too_slow",
        "Chuyển tệp sang .docx quá lâu nên đã dừng. Hãy mở tệp bằng Word hoặc LibreOffice, lưu lại thành .docx rồi nạp "
        "lại.",
    )
