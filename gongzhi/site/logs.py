"""Logs: one line of JSON each, with the request's id and no personal data.

An error is named by its type and the places it passed, never by its message or values, since those may quote what a
resident wrote.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

request_id: ContextVar[str] = ContextVar("request_id", default="")
SAID = ("route", "method", "status", "ms", "job", "count", "bytes", "outcome")


class Line(logging.Formatter):
    """Formats a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON: at, level, from, says, request, the few known extras, and an error's path."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage() if record.name.startswith("gongzhi") else str(record.msg),
        }
        if asked := request_id.get():
            line["request"] = asked
        line |= {name: getattr(record, name) for name in SAID if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["passed"] = _passed(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _passed(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-12:]
    return [
        f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames
    ]
