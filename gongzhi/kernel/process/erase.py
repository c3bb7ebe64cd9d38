"""The one place where words, files and contact data go: noted in the journal of deletions first, then removed.

An action's body says what is to go (:func:`words`, :func:`contact`); the rows go when the matter's rows are written
(:func:`carry_out`). What a restored backup has brought back goes again by the kernel's own act ``erase_again``.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from gongzhi.kernel import packs
from gongzhi.kernel.ledger import deletions
from gongzhi.kernel.ledger.deletions import CONTACT, FILES, WORDS, Deletion
from gongzhi.kernel.ledger.models import Attachment, Paper, Words
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import search
from gongzhi.kernel.process.deed import Deed, Work
from gongzhi.kernel.process.models import Matter, Receipt
from gongzhi.kernel.process.orders import Order, Outcome, Step
from gongzhi.kernel.process.registry import body

AGAIN = "erase_again"
KEPT = (Attachment, Paper)  # the tables that name files
_wanted: dict[int, dict[str, set[str]]] = {}  # of the journal being replayed; empty while a place serves


def words(deed: Deed, verbs: Collection[str] = ()) -> None:
    """Every word and picture of the matter goes with what was made from them; the chain stays whole.

    With ``verbs`` only what was said and sent with these acts goes, the rest stays.
    """
    written = Words.objects.filter(entry__matter=deed.matter.pk)
    digests = set[str]()
    for table in KEPT:
        sent = table.objects.filter(matter=deed.matter.pk, removed_at=None)
        sent = sent.filter(entry__verb__in=verbs) if verbs else sent
        digests |= set(sent.values_list("digest", flat=True))
    if verbs:
        written = written.filter(entry__verb__in=verbs)
    _take_out(deed, sorted(written.values_list("pk", flat=True)), sorted(digests))


def only_words(deed: Deed, verbs: Collection[str]) -> None:
    """What was written with these acts goes; title, place and everything else stay."""
    written = Words.objects.filter(entry__matter=deed.matter.pk, entry__verb__in=verbs)
    entries = sorted(written.values_list("pk", flat=True))
    deed.facts["removed_words"] = [str(pk) for pk in entries]
    _note(deed, WORDS, entries)


def contact(deed: Deed) -> None:
    """How to reach the reporter goes (by their own hand their own, by the clock all); the matter goes on without."""
    held = Receipt.objects.filter(matter=deed.matter.pk).exclude(phone_enc=None, phone_tag="")
    if deed.by.tie_id is not None:
        held = held.filter(tie=deed.by.tie_id)
    _forget(deed, sorted(held.values_list("pk", flat=True)))


def carry_out(works: Sequence[Work]) -> None:
    """Remove what bodies have named: the journal first and on the disk, then the rows (a statement a table)."""
    erased = [(one, at) for work in works for one, at in work.erasures]
    if not erased:
        return
    at = max(moment for _, moment in erased)
    deletions.append([one for one, _ in erased], at)
    _remove([one for one, _ in erased], at)
    for work in works:
        work.erasures.clear()


def papers(deed: Deed, digests: Sequence[str]) -> None:
    """Papers of the matter go; everything else stays."""
    deed.facts["removed_files"] = list(digests)
    _note(deed, FILES, digests)


def _take_out(deed: Deed, entries: Sequence[int], digests: Sequence[str]) -> None:
    deed.facts["removed_words"] = [str(pk) for pk in entries]
    deed.facts["removed_files"] = list(digests)
    deed.matter.place, deed.matter.title = "", neutral_title(deed.matter)
    _note(deed, WORDS, entries)
    _note(deed, FILES, digests)


def _forget(deed: Deed, receipts: Sequence[int]) -> None:
    _note(deed, CONTACT, receipts)


def _note(deed: Deed, what: str, ids: Sequence[object]) -> None:
    if ids:
        gone = Deletion(what, deed.matter.pk, tuple(str(one) for one in ids))
        deed.work.erasures.append((gone, deed.at))


def _remove(gone: Sequence[Deletion], at: datetime) -> None:
    named = {kind: [one for one in gone if one.what == kind] for kind in (WORDS, FILES, CONTACT)}
    unshown = {one.matter for one in named[WORDS]}
    if named[WORDS]:
        Words.objects.filter(pk__in=_ids(named[WORDS])).delete()
    for one in named[FILES]:
        rows = {"digest__in": one.ids, "matter": one.matter, "removed_at": None}
        Paper.objects.filter(**rows).update(removed_at=at, name="")
        if Attachment.objects.filter(**rows).update(removed_at=at):
            unshown.add(one.matter)
    if unshown:
        search.unindex(*unshown)
    if named[CONTACT]:
        held = Receipt.objects.filter(pk__in=_ids(named[CONTACT]))
        held.update(phone_enc=None, phone_tag="", wants_call=False, told_by="none")


def _ids(gone: Sequence[Deletion]) -> list[int]:
    return [int(pk) for one in gone for pk in one.ids]


def neutral_title(matter: Matter) -> str:
    """A title made of the kind alone."""
    return str(packs.load(matter.pack).get(f"categories.leaf.{matter.category}.label", "一件事"))


# After a restore ---------------------------------------------------------------------------------------------------


def replay(lines: Sequence[deletions.Line], *, by: Acting, at: datetime) -> list[Outcome]:
    """Remove again what the journal names and the database still has, through the door. Returns what became of each."""
    from gongzhi.kernel.process.door import take_all

    wanted = deletions.by_matter(lines)
    standing = sorted(_standing(wanted))
    _wanted.clear()
    _wanted.update({pk: wanted[pk] for pk in standing})
    try:
        return take_all([Order(pk, (Step(AGAIN),), by, at) for pk in standing])
    finally:
        _wanted.clear()


def _standing(wanted: dict[int, dict[str, set[str]]]) -> set[int]:
    """Matters of which something stands that is to be gone."""
    found: set[int] = set()
    matters = sorted(wanted)
    for start in range(0, len(matters), 200):
        part = matters[start : start + 200]
        for matter, kind, name in _present(part):
            if name in wanted[matter].get(kind, ()):
                found.add(matter)
    return found


def _present(matters: Sequence[int]) -> list[tuple[int, str, str]]:
    """What stands of these matters: matter, kind, id."""
    told: list[tuple[int, str, Any]] = []
    rows = Words.objects.filter(entry__matter__in=matters).values_list("entry__matter", "pk")
    told += [(matter, WORDS, pk) for matter, pk in rows]
    for table in KEPT:
        files = table.objects.filter(matter__in=matters, removed_at=None).values_list("matter", "digest")
        told += [(matter, FILES, digest) for matter, digest in files]
    held = Receipt.objects.filter(matter__in=matters).exclude(phone_enc=None, phone_tag="")
    told += [(matter, CONTACT, pk) for matter, pk in held.values_list("matter", "pk")]
    return [(matter, kind, str(name)) for matter, kind, name in told]


@body("*", AGAIN)
def erase_again(deed: Deed) -> None:
    """What the journal names of this matter goes once more, whatever stage the backup has it in."""
    wanted = _wanted.get(deed.matter.pk, {})
    there = [(kind, name) for _, kind, name in _present([deed.matter.pk]) if name in wanted.get(kind, ())]
    entries = sorted(int(name) for kind, name in there if kind == WORDS)
    digests = sorted({name for kind, name in there if kind == FILES})
    shown = Attachment.objects.filter(matter=deed.matter.pk, digest__in=digests).exists()
    if entries or shown:
        _take_out(deed, entries, digests)
    elif digests:
        papers(deed, digests)
    if receipts := sorted(int(name) for kind, name in there if kind == CONTACT):
        deed.facts["forgot_contact"] = True
        _forget(deed, receipts)
