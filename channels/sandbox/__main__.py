"""`python -m channels.sandbox --data DIR --port N --mail-port N`"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from channels.sandbox import serve


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m channels.sandbox", description="Sân thử Facebook và Zalo.")
    parser.add_argument("--data", type=Path, required=True, help="thư mục giữ dữ liệu")
    parser.add_argument("--port", type=int, default=8099, help="0: một cổng còn trống")
    parser.add_argument("--mail-port", type=int, default=0, help="cổng nhận thư; 0: một cổng còn trống")
    parser.add_argument("--host", default="127.0.0.1")
    given = parser.parse_args()
    try:
        serve(given.data, given.host, given.port, ready=tell, mail_port=given.mail_port)
    except OSError as error:
        ports = f"{given.port}, {given.mail_port}" if given.mail_port else str(given.port)
        sys.stderr.write(f"Không mở được cổng {ports}: {error.strerror}. Chọn cổng khác bằng --port, --mail-port.\n")
        return 1
    return 0


def tell(url: str, mail_port: int) -> None:
    print(f"Sân thử: {url}", flush=True)
    print(f"Nhận thư: 127.0.0.1:{mail_port}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
