"""`python -m channels.sandbox --data DIR --port N`"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from channels.reach import allow
from channels.sandbox import serve


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m channels.sandbox", description="Sân thử Facebook và Zalo.")
    parser.add_argument("--data", type=Path, required=True, help="thư mục giữ dữ liệu")
    parser.add_argument("--port", type=int, default=8099, help="0: một cổng còn trống")
    parser.add_argument("--host", default="127.0.0.1")
    given = parser.parse_args()
    allow(["127.0.0.1"])  # where it fetches the pictures of articles
    try:
        serve(given.data, given.host, given.port, ready=lambda url: print(f"Sân thử: {url}", flush=True))
    except OSError as error:
        sys.stderr.write(f"Không mở được cổng {given.port}: {error.strerror}. Chọn cổng khác bằng --port.\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
