"""Which glyph and tone a stage wears. Words always stand beside it; a colour never speaks alone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """``tone`` is the CSS modifier of ``.tag``, ``glyph`` the symbol in icons.svg."""

    tone: str
    glyph: str


BY_TAG = {
    "draft": Mark("draft", "g-dash"),
    "wait": Mark("work", "g-ring"),
    "work": Mark("work", "g-half"),
    "review": Mark("review", "g-hourglass"),
    "pause": Mark("rest", "g-bars"),
    "supervised": Mark("watched", "g-flag"),
    "done": Mark("done", "g-tick"),
    "void": Mark("out", "g-struck"),
    "sending": Mark("draft", "g-dash"),
}
PLAIN = Mark("plain", "")

# The five states residents see, and the side ends, as stage words on the process page.
FIVE = ("已提交", "已受理", "处理中", "已办结", "请您评价")
RESIDENT = {
    "已提交": BY_TAG["wait"],
    "已受理": BY_TAG["wait"],
    "处理中": BY_TAG["work"],
    "已办结": BY_TAG["done"],
    "请您评价": BY_TAG["review"],
    "先停一停": BY_TAG["pause"],
    "一时办不了": BY_TAG["pause"],
}


def of(tag: str) -> Mark:
    """The mark of a stage's ``tag`` key on the process page; unknown ones stay plain."""
    return BY_TAG.get(tag, PLAIN)


def of_resident(word: str) -> Mark:
    """The mark of a plain state or a side end."""
    return RESIDENT.get(word, BY_TAG["void"])
