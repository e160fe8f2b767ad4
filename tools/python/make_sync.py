"""Makes the blocking half of the Python SDK of its half for asyncio.

``make_sync.py`` writes the modules; ``make_sync.py --check`` says which are not as it would write them. What cannot be
had by leaving words out stands in ``ways.py``, which both halves have for themselves.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "libs" / "sdk" / "python" / "src" / "headrace"
SOURCE, TARGET = PACKAGE / "_async", PACKAGE / "_sync"
# What differs, and what says so.
BY_HAND = {"__init__.py", "ways.py"}

HEAD = "# Made of ../_async/{name} by tools/python/make_sync.py: change that.\n"

REPLACEMENTS = [
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    # Types.
    (r"\bAwaitable\[(\w+|\[.*?\])\]", r"\1"),
    (r", Awaitable\b|\bAwaitable, ", ""),
    (r"\bAsync([A-Z]\w*)", r"\1"),
    # Methods of httpx and of the language.
    (r"\baclose\b", "close"),
    (r"\baiter_bytes\b", "iter_bytes"),
    (r"__a(enter|exit|iter)__", r"__\1__"),
    (r"\.\._async\b", ".._sync"),
]
# Both names stand in the documentation of both clients.
KEPT = "``AsyncHeadrace``"
PLACEHOLDER = "``\N{BLACK CIRCLE}``"


def sync_text(name: str, source: str) -> str:
    """The module that blocks."""
    text = source.replace(KEPT, PLACEHOLDER)
    for pattern, replacement in REPLACEMENTS:
        text = re.sub(pattern, replacement, text)
    return HEAD.format(name=name) + text.replace(PLACEHOLDER, KEPT)


def main() -> int:
    """Writes, or checks."""
    checks = "--check" in sys.argv
    wanted = {path.name: sync_text(path.name, path.read_text("utf-8")) for path in SOURCE.glob("*.py")}
    wanted = {name: text for name, text in wanted.items() if name not in BY_HAND}
    stale = [path.name for path in TARGET.glob("*.py") if path.name not in wanted and path.name not in BY_HAND]
    for name, text in sorted(wanted.items()):
        path = TARGET / name
        if checks and (not path.exists() or path.read_text("utf-8") != text):
            stale.append(name)
        elif not checks:
            path.write_text(text, "utf-8")
    for name in sorted(set(stale)):
        if checks:
            print(f"_sync/{name} is not what _async says: run tools/python/make_sync.py.")
        else:
            (TARGET / name).unlink()
    return 1 if checks and stale else 0


if __name__ == "__main__":
    sys.exit(main())
