"""Failures of a command as one sentence on stderr, never a trace, unless DEBUG asks for it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class Refused(Exception):
    """A command cannot go on; the message is the sentence for the operator."""


@dataclass
class Outcome:
    """The exit status a command ends with."""

    status: int = 0


@contextmanager
def as_sentences() -> Iterator[Outcome]:
    """Turn what goes wrong inside into a sentence and exit status 1 (130 when interrupted)."""
    outcome = Outcome()
    try:
        yield outcome
    except KeyboardInterrupt:
        outcome.status = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        outcome.status = 1
    except Exception as failure:
        if os.environ.get("DEBUG"):
            raise
        print(f"gongzhi: {sentence(failure)}", file=sys.stderr)
        outcome.status = 1


def sentence(failure: Exception) -> str:
    """What to tell an operator: the failure's own sentence where it has one, else its type and message."""
    if said := getattr(failure, "sentence", ""):
        return str(said() if callable(said) else said)
    if isinstance(failure, Refused | ValueError | LookupError):
        return str(failure.args[0]) if failure.args else type(failure).__name__
    if isinstance(failure, PermissionError):
        return f"no permission to write {failure.filename}; choose another folder with DATA=/some/dir"
    if isinstance(failure, OSError) and failure.filename:
        return f"{failure.filename}: {failure.strerror}"
    return f"{type(failure).__name__}: {failure}".strip()
