"""Everything ``make test`` runs, one step after another, with a summary of what ran at the end.

    python tests/whole.py                 all steps
    python tests/whole.py lint types      these steps only

A failed step does not stop the others; the exit status is 1 when any failed. Nothing is left out in silence: a step
that cannot run has failed.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TESTS = ["-m", "pytest", "-n", "2", "--dist", "loadgroup", "-q", "--durations=15", "-m", "not browser"]


@dataclass
class Step:
    """One step: its words for the summary, its commands, what else it needs, and how it came out."""

    says: str
    commands: list[list[str]]
    environment: dict[str, str] = field(default_factory=dict)
    before: Callable[[], str] | None = None
    failed: str = ""
    seconds: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)


def python(*words: str) -> list[str]:
    return [sys.executable, *words]


def tool(name: str, *words: str) -> list[str]:
    return [str(BIN / name), *words]


def chromium() -> str:
    """Have a Chromium and Chinese letters; Debian's packages are installed when they are missing."""
    fonts = (
        subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True).stdout
        if _has("fc-list")
        else ""
    )
    if _has("chromium") and fonts.strip():
        return ""
    if not _has("apt-get"):
        return "no chromium with Chinese fonts here, and no apt-get to install them"
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "chromium", "fonts-noto-cjk", "fontconfig"]):
        done = subprocess.run(["apt-get", "-qq", *words], env=quiet, stdout=subprocess.DEVNULL)
        if done.returncode:
            return f"apt-get {words[0]} failed, so there is no chromium"
    return ""


def _has(program: str) -> bool:
    return shutil.which(program) is not None


def steps() -> dict[str, Step]:
    django = {"DJANGO_SETTINGS_MODULE": "gongzhi.site.settings_test"}
    make = ["-m", "django", "makemigrations", "--check", "--dry-run", "--verbosity", "1"]
    return {
        "format": Step("Python is formatted", [tool("ruff", "format", "--check", ".")]),
        "lint": Step("lint", [tool("ruff", "check", ".")]),
        "types": Step(
            "types (kernel and actions strict; islands)", [tool("mypy"), ["npm", "run", "--silent", "types"]]
        ),
        "imports": Step("import contracts", [tool("lint-imports", "--no-cache")]),
        "migrations": Step("no migration is missing", [python(*make)], django),
        "packs": Step("pack checks", [tool("gongzhi", "pack", "check")], django),
        "sqlite": Step("tests on SQLite", [python(*TESTS)], {"GONGZHI_TEST_DB": "sqlite"}),
        "postgres": Step("tests on PostgreSQL", [python(*TESTS)], {"GONGZHI_TEST_DB": "postgres"}),
        "browser": Step(
            "journeys in Chromium",
            [python("-m", "pytest", "-n", "2", "--dist", "loadfile", "-q", "--durations=5", "-m", "browser")],
            {"GONGZHI_TEST_DB": "sqlite"},
            before=chromium,
        ),
    }


def run(step: Step) -> None:
    """Run a step's commands; note seconds, counts and the first failure."""
    began = time.monotonic()
    step.failed = step.before() if step.before else ""
    for words in [] if step.failed else step.commands:
        status, closing = _shown(words, {**os.environ, **step.environment})
        for count, word in re.findall(r"(\d+) (passed|failed|skipped|errors?|xfailed)", closing):
            kind = "failed" if word.startswith("error") else word
            step.counts[kind] = step.counts.get(kind, 0) + int(count)
        if status and not step.failed:
            step.failed = f"{Path(words[0]).name} {' '.join(words[1:4])} … exit status {status}"
    step.seconds = time.monotonic() - began


def _shown(words: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run a command, passing its output on; its exit status and pytest's closing line."""
    closing = ""
    child = subprocess.Popen(
        words,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert child.stdout
    for line in child.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        if re.search(r"\d+ (passed|failed|errors?|skipped).* in [\d.]+s", line):
            closing = line
    return child.wait(), closing


def summary(ran: dict[str, Step]) -> int:
    """Print what ran; the number of failed steps."""
    print("\n" + "═" * 78)
    total: dict[str, int] = {}
    for step in ran.values():
        counted = ", ".join(f"{count} {word}" for word, count in sorted(step.counts.items()))
        print(
            f"{'FAILED' if step.failed else 'ok':>7}  {step.seconds:6.1f} s  {step.says}"
            + (f": {counted}" * bool(counted))
        )
        if step.failed:
            print(f"{'':19}{step.failed}")
        for word, count in step.counts.items():
            total[word] = total.get(word, 0) + count
    failed = sum(bool(step.failed) for step in ran.values())
    left_out = sorted(set(steps()) - set(ran))
    if left_out:
        print(f"left out because not asked for: {', '.join(left_out)}")
    print(
        f"{len(ran) - failed} of {len(ran)} steps passed, in {sum(step.seconds for step in ran.values()):.0f} s"
    )
    if total:
        skipped = f", {total['skipped']} skipped" if total.get("skipped") else ""
        print(f"{total.get('passed', 0)} passed, {total.get('failed', 0)} failed{skipped}")
    return failed


def main(names: list[str]) -> int:
    """Run the named steps, or all."""
    known = steps()
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no such step: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    chosen = {name: known[name] for name in names or known}
    for step in chosen.values():
        print(f"\n── {step.says} " + "─" * max(0, 74 - len(step.says)), flush=True)
        run(step)
    return 1 if summary(chosen) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
