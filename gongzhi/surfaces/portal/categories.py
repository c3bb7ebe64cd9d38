"""Kinds of matter as the portal shows them: a leaf with its promise in words, plain headings to pick by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongzhi.kernel.clock.speak import term_words
from gongzhi.kernel.clock.terms import Term, TermError
from gongzhi.kernel.packs import Pack


@dataclass(frozen=True)
class Leaf:
    """A kind: id, label, the first thing to tell the resident, the promise in words (``4 个工作日`` or "")."""

    id: str
    label: str
    first: str = ""
    promise: str = ""
    about_person: bool = False


@dataclass(frozen=True)
class Heading:
    """A plain heading with the leaves under it."""

    label: str
    leaves: tuple[Leaf, ...]


def leaf(pack: Pack, leaf_id: str) -> Leaf | None:
    """A leaf of the pack's tree; None where there is none of that id."""
    table = pack.table("categories")
    row = table.get("leaf", {}).get(leaf_id)
    if row is None:
        return None
    return Leaf(
        leaf_id,
        str(row["label"]),
        str(row.get("first", "")),
        _promise(row, table.get("branch", {})),
        bool(row.get("about_person")),
    )


def headings(pack: Pack) -> list[Heading]:
    """The pack's ``picks`` in their order; leaves the pack does not have are left out."""
    picks = sorted(pack.table("picks").get("pick", {}).values(), key=lambda one: one.get("order", 0))
    return [
        Heading(str(one["label"]), tuple(found for name in one["leaves"] if (found := leaf(pack, name))))
        for one in picks
    ]


def _promise(row: Mapping[str, Any], branches: Mapping[str, Mapping[str, Any]]) -> str:
    """The leaf's promise or the nearest branch's, in words."""
    current: Mapping[str, Any] = row
    while current:
        if current.get("promise"):
            try:
                return term_words(Term.parse(str(current["promise"])))
            except TermError:
                return ""
        current = branches.get(str(current.get("parent", "")), {})
    return ""
