"""How long a photograph of 12 megapixels takes from its upload to every form every channel asks for, and what memory.

    python -m tests.bench.bench_pictures [--rounds 3] [--json]

Each way is a process of its own, as fresh as can be, so that its peak memory is its own: "clean" makes the picture that
is kept (upright, sRGB, without the camera's notes), "forms" opens that once and makes the renditions of all channels
and the page's variants (AVIF, WebP, the cut for shared links), "upload" does both, the cleaning in a child as the
console does. Seconds are the clock's, the least of all rounds. Exit status 1 above 1.5 s or 200 MB for all of it.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[2]
SIZE = (4000, 3000)
SECONDS, MEMORY = 1.5, 200.0  # the project's own promise; MB
WAYS = ("clean", "forms", "upload")


def photograph(turned: bool) -> bytes:
    """Some 4 MB, as detailed as a telephone's picture of a street: clouds of tones over a gradient."""
    layers = [Image.effect_noise((SIZE[0] // 4, SIZE[1] // 4), spread) for spread in (24, 34, 30)]
    image = Image.merge("RGB", layers).resize(SIZE, Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = 6 if turned else 1
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


def one(path: Path, way: str) -> dict[str, float]:
    """Do it in this process: seconds of clock and processor, peak memory in MB of this process and of its child."""
    from assets.fitting import Picture
    from assets.guarded import cleaned_guarded
    from assets.pictures import cleaned
    from channels.registry import CHANNELS

    data, made = path.read_bytes(), 0
    clock, processor = time.perf_counter(), time.process_time()
    kept = data if way == "forms" else (cleaned_guarded if way == "upload" else cleaned)(data).data
    if way != "clean":
        picture = Picture(kept)
        needs = [channel.picture_needs for channel in CHANNELS.values()]
        forms = [picture.fit(need) for need in dict.fromkeys(needs)]
        variants = sorted({variant for need in needs for variant in need.variants}, key=lambda one: -one.width)
        forms += [picture.vary(variant, (0.3, 0.6)) for variant in variants]
        made = len(forms)
    spent = {"seconds": time.perf_counter() - clock, "processor": time.process_time() - processor, "forms": made}
    return {**spent, "peak_mb": _peak(resource.RUSAGE_SELF), "child_mb": _peak(resource.RUSAGE_CHILDREN)}


def _peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def measured(folder: Path, rounds: int) -> dict[str, dict[str, float]]:
    """The best round of each way, the ways in turn, so that a busy minute hits them all."""
    from assets.pictures import normalise

    best: dict[str, dict[str, float]] = {}
    for shape, turned in (("lying", False), ("standing", True)):
        given = photograph(turned)
        (folder / "upload.jpg").write_bytes(given)
        (folder / "kept.jpg").write_bytes(normalise(given))
        for _ in range(rounds):
            for way in WAYS:
                path = folder / ("kept.jpg" if way == "forms" else "upload.jpg")
                command = [sys.executable, "-m", "tests.bench.bench_pictures", "--one", way, str(path)]
                told = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
                name = f"{way}, {shape}"
                best[name] = min(best.get(name, told), told, key=lambda round_: round_["seconds"])
    return best


def table(best: dict[str, dict[str, float]]) -> str:
    rows = ["way               seconds  processor  forms  peak MB  child MB"]
    rows += [
        f"{way:16}  {b['seconds']:7.2f}  {b['processor']:9.2f}  {b['forms']:5.0f}  {b['peak_mb']:7.0f}  "
        f"{b['child_mb']:8.0f}"
        for way, b in best.items()
    ]
    return "\n".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(one(Path(asked.one[1]), asked.one[0])))
        return 0
    with tempfile.TemporaryDirectory(prefix="tincoso-bench-") as name:
        best = measured(Path(name), asked.rounds)
    print(json.dumps(best, indent=2) if asked.json else table(best))
    slow = [way for way, b in best.items() if b["seconds"] > SECONDS or max(b["peak_mb"], b["child_mb"]) > MEMORY]
    for way in slow:
        print(f"over {SECONDS} s or {MEMORY:.0f} MB: {way}", file=sys.stderr)
    return bool(slow)


if __name__ == "__main__":
    sys.exit(main())
