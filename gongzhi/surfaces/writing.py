"""Counting how much of a staff form was written by hand: numbers alone, after the act is done."""

from datetime import datetime

from gongzhi.kernel.indicators import typed
from gongzhi.surfaces.posted import Posted


def count(form: str, surface: str, said: Posted, at: datetime) -> None:
    """Count a form that was taken: its questions, those answered, and those answered by writing."""
    answered = sum(1 for one in said.said.values() if one)
    written = sum(1 for one in said.written if one)
    typed.add(form, surface, len(said.said), answered, written, at)
