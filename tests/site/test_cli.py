"""``gongzhi`` on the command line: help everywhere, sentences instead of traces, exit status 0, 1 or 2."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from gongzhi.site import cli


def gongzhi(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE", "DJANGO"))}
    command = [sys.executable, "-m", "gongzhi.site.cli", *words]
    return subprocess.run(command, env={**known, **environment}, capture_output=True, text=True, timeout=60)


def commands(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from commands(below, (*words, name))
                yield (*words, name)


@pytest.mark.parametrize("words", sorted(commands(cli.parser())), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([*words, "--help"])
    assert ended.value.code == 0
    assert "usage: gongzhi " + " ".join(words) in " ".join(capsys.readouterr().out.split())


def test_wrong_usage_ends_with_status_2() -> None:
    said = gongzhi("fly")
    assert (said.returncode, said.stdout) == (2, "")
    assert "invalid choice" in said.stderr


def test_a_command_that_changes_data_asks_who_and_why() -> None:
    said = gongzhi("place", "new", "--division", "000000")
    assert said.returncode == 2
    assert "--as, --reason" in said.stderr


def test_three_working_days_from_before_the_national_holiday(tmp_path) -> None:
    said = gongzhi("clock", "2026-09-30 10:00", "3wd", DATA=str(tmp_path))
    assert said.returncode == 0, said.stderr
    assert "2026-10-10（周六）10:00" in said.stdout
    assert "暂定" not in said.stdout


def test_a_term_into_a_year_without_its_notice_is_provisional(tmp_path) -> None:
    said = gongzhi("clock", "2026-12-30 10:00", "3wd", DATA=str(tmp_path))
    assert "暂定" in said.stdout


def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path) -> None:
    said = gongzhi("clock", "tomorrow", "3wd", DATA=str(tmp_path))
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.startswith("gongzhi: ")
    assert "Traceback" not in said.stderr
