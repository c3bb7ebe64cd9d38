"""Answers of guards and the refusals of the door, each a sentence a person can read."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Allowed:
    """Yes."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Denied:
    """No, with the reason in the user's words and, where there is one, the rule it stands on."""

    reason: str
    rule: str = ""

    def __bool__(self) -> bool:
        return False


Verdict = Allowed | Denied
YES = Allowed()


class Refusal(Exception):
    """The door's no. ``sentence`` is what the user reads; ``code`` names the kind of refusal."""

    code = "refused"

    def __init__(self, sentence: str, **more: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.more = more


class NotYours(Refusal):
    """The actor has no standing. ``more['hidden']`` is true where even its existence is not told."""

    code = "not_yours"


class SomeoneWasFaster(Refusal):
    """The matter has moved since the actor's screen was drawn."""

    code = "someone_was_faster"


class NotNow(Refusal):
    """The action does not belong to the present stage."""

    code = "not_now"


class NotYet(Refusal):
    """A condition is not met; the sentence says which and what would help."""

    code = "not_yet"


class SayMore(Refusal):
    """Something must be said, or said otherwise. ``errors`` maps field names to sentences."""

    code = "say_more"

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("；".join(errors.values()), errors=errors)
        self.errors = errors


class NotKept(Refusal):
    """The database could not write (a full disk, a lock that did not come): nothing is half-written, send again."""

    code = "not_kept"

    def __init__(self) -> None:
        super().__init__("没存下，写的都还在。过一会儿再送一次，不会重复。")


class OtherContent(Refusal):
    """The same key came with other content; nothing is lost, the sender chooses new or add to the first."""

    code = "other_content"
