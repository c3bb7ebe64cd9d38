"""Taking the gate away from any one module that asks it makes a leak test fail: none is out of the table's sight."""

import os
import re
import subprocess
import sys

import pytest

from tests.house.sources import ROOT

ASKS = re.compile(r"^from gongzhi\.kernel\.process import .*\bgate\b", re.M)


def modules() -> list[str]:
    """Every module above the kernel's own rooms that asks the gate."""
    found = []
    for path in sorted((ROOT / "gongzhi").rglob("*.py")):
        if ASKS.search(path.read_text(encoding="utf-8")):
            found.append(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return found


@pytest.mark.parametrize("module", modules())
def test_without_its_gate_a_leak_is_found(module: str) -> None:
    env = {**os.environ, "OPEN_GATE": module}
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "2", "-p", "tests.large.open_gate"]
    done = subprocess.run([*words, *leaks()], cwd=ROOT, env=env, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 1, f"{module}: no test noticed that the gate was gone\n{done.stdout[-800:]}"
    assert "failed" in done.stdout


def leaks() -> list[str]:
    """The leak tables, wherever they stand, and the powers that name who never sees."""
    return [
        *(str(path) for path in sorted((ROOT / "tests").rglob("test_leaks*.py"))),
        "tests/stories/test_powers.py",
    ]
