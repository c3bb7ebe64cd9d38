"""Checking the seals: number after number, each holding the one before, signed, its leaves as they were sealed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from gongzhi.kernel.ledger import leaves, seal, signing
from gongzhi.kernel.ledger.findings import Fault, Report
from gongzhi.kernel.ledger.models import Entry, Register, Seal
from gongzhi.kernel.people import keyring

LEEWAY = timedelta(minutes=15)  # between the moment an act was received and its commit
DAYS_BACK, A_DAY = 400, 2000  # where numbers of vanished matters are looked for


@dataclass
class Sealed:
    """What the seals hold: ``heads`` hash → number of the seal; ``floor`` per seal: what it is the first to hold was
    not written before this moment (milliseconds), None where the clock had been set back. ``suspects`` stand in
    no seal that should hold them."""

    heads: dict[str, int] = field(default_factory=dict)
    files: dict[int, str] = field(default_factory=dict)
    floor: dict[int, float | None] = field(default_factory=dict)
    last: int = 0
    suspects: list[Fault] = field(default_factory=list)


def load(report: Report, at: datetime | None = None) -> Sealed:
    """Check every seal in order and gather the heads they hold (about 200 bytes of memory for each).

    ``at`` is now: a clock set back since the last seal would make honest entries look old.
    """
    sealed, before = Sealed(), None
    for row in Seal.objects.order_by("seq").iterator(chunk_size=500):
        _check(row, before, report)
        _take_leaves(row, sealed, report)
        if before is None:
            sealed.floor[row.seq] = None
        elif before.at == row.at:  # one round of sealing that needed several seals
            sealed.floor[row.seq] = sealed.floor[before.seq]
        else:
            sealed.floor[row.seq] = _floor(before.at, row.at)
        before = row
        report.seals += 1
    if before is not None:
        sealed.last = before.seq
        sealed.floor[before.seq + 1] = _floor(before.at, at or before.at)
        report.last_seal = f"{timezone.localtime(before.at):%Y-%m-%d %H:%M}"
        report.demonstration = before.demonstration
        _look_for_copies(report)
    return sealed


def _check(row: Seal, before: Seal | None, report: Report) -> None:
    """Number, link, signature of one seal."""
    public = seal.PublicSeal.of(row)
    expected = (before.seq if before else 0) + 1
    if row.seq != expected:
        gone = f"第 {expected} 次" if row.seq == expected + 1 else f"第 {expected}–{row.seq - 1} 次"
        report.found("seal_gone", "", 0, "", f"{gone}封印不见了")
    elif before is not None and row.previous != seal.PublicSeal.of(before).digest:
        report.found("seal_link", "", 0, "", f"第 {row.seq} 次封印接不上第 {before.seq} 次，其中一次被换过")
    if not public.public_key:
        report.found("seal_key", "", 0, "", f"第 {row.seq} 次封印的公钥（{row.key_id}）不见了，签名没法验")
    elif not signing.good(bytes.fromhex(public.public_key), public.statement, row.signature):
        report.found("seal_signature", "", 0, "", f"第 {row.seq} 次封印的签名不对，它被改过")
    if before is not None and row.demonstration and not before.demonstration:
        report.found("seal_key", "", 0, "", f"第 {row.seq} 次封印起改用演示密钥，之前是正式密钥")


def _take_leaves(row: Seal, sealed: Sealed, report: Report) -> None:
    """The leaves of one seal, checked against its root and count."""
    try:
        held = leaves.read(row.leaves)
    except (leaves.LeavesBroken, ValueError) as fault:
        report.found("seal_leaves", "", 0, "", f"第 {row.seq} 次封印：{fault}")
        return
    if held.root != row.root or len(held.leaves) != row.count:
        report.found("seal_leaves", "", 0, "", f"第 {row.seq} 次封印：叶子与根对不上")
        return
    sealed.files[row.seq] = row.leaves
    for leaf in held.leaves:
        sealed.heads.setdefault(leaf.hash, row.seq)


def _floor(before: datetime, after: datetime) -> float | None:
    return (before - LEEWAY).timestamp() * 1000 if before <= after else None


def _look_for_copies(report: Report) -> None:
    """Copies of seals beside the database that the database no longer has."""
    first = Seal.objects.filter(seq=1).first()
    if first is None:
        return
    known = set(Seal.objects.values_list("seq", flat=True))
    for path in seal.kept_seals(seal.PublicSeal.of(first).digest):
        if int(path.stem) not in known:
            report.found("seal_gone", "", 0, "", f"第 {int(path.stem)} 次封印在库里不见了，旁边的副本还在")


def against(path: str | Path, report: Report) -> None:
    """Check the database against a seal (JSON) kept elsewhere."""
    try:
        said = json.loads(Path(path).read_text("utf-8"))
        kept = seal.PublicSeal(**{name: said[name] for name in seal.PublicSeal.__dataclass_fields__})
        public = bytes.fromhex(kept.public_key)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        report.found("against", "", 0, "", f"外存的封印 {path} 读不了（{type(fault).__name__}）")
        return
    if signing.key_id(public) != kept.key_id or not signing.good(public, kept.statement, kept.signature):
        report.found("against", "", 0, "", f"外存的封印 {path} 自己的签名就不对")
        return
    row = Seal.objects.filter(seq=kept.seq).first()
    if row is None:
        report.found("against", "", 0, "", f"外存的第 {kept.seq} 次封印，库里没有")
    elif seal.PublicSeal.of(row).digest != kept.digest:
        report.found("against", "", 0, "", f"第 {kept.seq} 次封印与外存的不同：库里的从这一次或更早起被换过")
    else:
        report.against = f"与外存的第 {kept.seq} 次封印一致。"


# Naming what is missing -------------------------------------------------------------------------------------------


def name_missing(sealed: Sealed, report: Report) -> None:
    """Heads that were sealed and stand in no chain: each chain named once, at the first of its missing heads."""
    first: dict[tuple[str, str], tuple[int, int]] = {}
    for number in sorted(set(sealed.heads.values())):
        held = leaves.read(sealed.files[number])
        for leaf in held.leaves:
            if sealed.heads.get(leaf.hash) == number:
                place = held.key_id, leaf.tag
                first[place] = min(first.get(place, (leaf.seq, number)), (leaf.seq, number))
    names = _names(set(first)) if first else {}
    for place, (seq, number) in sorted(first.items(), key=lambda item: item[1]):
        _name(names.get(place, ""), seq, number, report)


def name_suspects(sealed: Sealed, report: Report) -> None:
    """Entries that came past the seals, each once; not where a seal is broken or the chain is named already."""
    if any(fault.kind in ("seal_gone", "seal_leaves") for fault in report.faults):
        return
    named = {
        fault.chain for fault in report.faults if fault.kind in ("rewritten", "entry_gone", "chain_gone")
    }
    told: set[tuple[str, int]] = set()
    for fault in sealed.suspects:
        if fault.chain not in named and (fault.chain, fault.seq) not in told:
            told.add((fault.chain, fault.seq))
            report.found(fault.kind, fault.chain, fault.seq, fault.verb, fault.sentence)


def _name(chain: str, seq: int, number: int, report: Report) -> None:
    """One chain whose sealed head is not where it was."""
    rows = Entry.objects.filter(register=chain[2:], matter=None) if chain.startswith("r:") else None
    rows = Entry.objects.filter(matter__number=chain) if rows is None else rows
    label = chain.removeprefix("r:") or "编号认不出的一件"
    if not chain or not rows.exists():
        report.found("chain_gone", label, seq, "", f"整条链都不见了，第 {number} 次封印里有它的第 {seq} 笔")
        return
    verb = rows.filter(seq=seq).values_list("verb", flat=True).first()
    if verb is None:
        report.found("entry_gone", label, seq, "", f"这一笔不见了，第 {number} 次封印里有它")
    else:
        report.found("rewritten", label, seq, verb, f"与第 {number} 次封印里的不同，它或它前面的被改写过")


def _names(places: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Which chains tags belong to: those that stand, then numbers that once were given."""
    found: dict[tuple[str, str], str] = {}
    for key_id in {key_id for key_id, _ in places}:
        try:
            key = keyring.by_id(leaves.PURPOSE, leaves.SIZE, key_id)
        except keyring.KeyMissing:
            continue
        wanted = {tag for other, tag in places if other == key_id}
        for chain in _candidates():
            tag = leaves.tag(key, chain)
            if tag in wanted:
                found[key_id, tag] = chain
                wanted.discard(tag)
            if not wanted:
                break
    return found


def _candidates() -> Iterable[str]:
    """Names chains have or may have had: registers, standing matters, then every number of the days passed."""
    from django.apps import apps

    yield from (f"r:{name}" for name in {*Register.objects.values_list("name", flat=True), *REGISTERS})
    yield from apps.get_model("kernel", "Matter").objects.values_list("number", flat=True).iterator()
    last = Seal.objects.order_by("-seq").first()
    today = timezone.localdate(last.at) if last else date.min
    for back in range(DAYS_BACK if last else 0):
        day = f"{today - timedelta(days=back):%y%m%d}"
        yield from (f"{day}-{number:04d}" for number in range(1, A_DAY))


REGISTERS = ("people", "territory", "calendar", "packs", "access")
