"""The ways out of the house, each by name, and who writes what goes out. Gateways register here; nothing is sent here.

A new channel is a module of ``gongzhi.gateways`` that adds a :class:`Channel`, and the setting that switches it on.
"""

import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from gongzhi.kernel.process.models import Matter
    from gongzhi.kernel.telling.models import Sending

log = logging.getLogger(__name__)
_NUMBER = re.compile(r"\d{5,}")
ANSWERS_WITHIN = 20.0  # seconds
ON, FAKE, OFF = "on", "fake", "off"
NONE = ""  # somebody who reads the inbox and nothing else


class NotSent(Exception):
    """The carrier did not take it. It is tried again with back-off, and is seen on the page of what is stuck."""


class NoAnswer(NotSent):
    """The carrier did not answer in time."""


@dataclass(frozen=True)
class Letter:
    """What a carrier is handed: where to in full, the text, and a subject where the channel has one."""

    to: str
    text: str
    subject: str = ""


@dataclass(frozen=True)
class Channel:
    """A way out: ``label`` 短信, what its address is called, how it is checked and masked, its state, and sending.

    ``clean`` gives an address in one form or raises ValueError with a sentence; ``send(letter, key)`` raises NotSent.
    """

    name: str
    label: str
    address: str
    clean: Callable[[str], str]
    mask: Callable[[str], str]
    state: Callable[[], str]
    send: Callable[[Letter, str], str]
    hint: str = ""

    @property
    def off(self) -> bool:
        """Whether nothing can be sent this way here."""
        return self.state() == OFF


Writer = Callable[["Sending", "datetime"], "Letter | None"]
Pressing = Callable[["Matter"], bool]

CHANNELS: dict[str, Channel] = {}
WRITERS: dict[str, Writer] = {}
PRESSING: dict[str, Pressing] = {}


def add(channel: Channel) -> Channel:
    """Put a channel on the list, in the order people see them."""
    CHANNELS[channel.name] = channel
    return channel


def hand_over(channel: Channel, letter: Letter, key: str) -> None:
    """Hand a letter to its carrier; NoAnswer where that takes longer than anybody may wait, else what it raises."""
    fault: list[Exception] = []

    def run() -> None:
        try:
            channel.send(letter, key)
        except Exception as caught:
            fault.append(caught)

    hand = threading.Thread(target=run, daemon=True)
    hand.start()
    hand.join(ANSWERS_WITHIN)
    if hand.is_alive() or (fault and isinstance(fault[0], TimeoutError)):
        raise NoAnswer(f"{ANSWERS_WITHIN:.0f} 秒没有回音")
    if fault:
        raise _told(fault[0]) from fault[0]


def _told(fault: Exception) -> NotSent:
    """What may be kept of a carrier's fault: its own sentence without long numbers, of any other fault the name alone.

    A library's message quotes what it was asked to send, number and code too.
    """
    if isinstance(fault, NotSent):
        return NotSent(_NUMBER.sub("…", str(fault)))
    log.error("a carrier failed", exc_info=fault)
    return NotSent(type(fault).__name__)


def writer(kind: str) -> Callable[[Writer], Writer]:
    """Register who writes the messages of a kind; None from it means there is nothing to say any more."""

    def register(function: Writer) -> Writer:
        WRITERS[kind] = function
        return function

    return register


def pressing(process: str) -> Callable[[Pressing], Pressing]:
    """Register which matters of a process are emergencies: told at once, at any hour."""

    def register(function: Pressing) -> Pressing:
        PRESSING[process] = function
        return function

    return register


def presses(matter: "Matter") -> bool:
    """Whether a matter is an emergency."""
    return matter.kind in PRESSING and PRESSING[matter.kind](matter)


def states() -> dict[str, str]:
    """``on``, ``fake`` (demonstration) or ``off`` by channel, for start-up and ``/healthz``."""
    return {name: channel.state() for name, channel in CHANNELS.items()}
