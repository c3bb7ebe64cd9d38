"""Proof of one matter against the seals: its chain reckoned anew, the seal that holds it, and the way to its root.

The proof needs no key and no trust in this server: a leaf of the seal names the hash of the chain's head, the path
leads from the leaf to the root, and the root stands signed on the public page of seals.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongzhi.kernel.ledger import leaves, signing
from gongzhi.kernel.ledger.chain import entry_fields, hashed_text, sm3
from gongzhi.kernel.ledger.models import Delivery, Entry, Seal
from gongzhi.kernel.ledger.seal import FOLLOWER, PublicSeal

LEFT, RIGHT = "left", "right"


@dataclass(frozen=True)
class Proof:
    """``sound``: every entry hashes to what stands there and hangs on the one before; ``seal``: the first that holds
    ``upto`` of its entries (None: not sealed yet, or the seal itself is not sound); ``path``: side and hash, from the
    leaf up."""

    sound: bool
    entries: int
    seal: PublicSeal | None = None
    upto: int = 0
    leaf: str = ""
    path: tuple[tuple[str, str], ...] = ()


def prove(entries: Sequence[Entry], seq: int | None = None) -> Proof:
    """Prove a chain up to entry ``seq`` (its last); ``entries`` are all of one matter, in order.

    Three statements, and one seal's leaves read from the disk.
    """
    upto = entries[: seq or len(entries)]
    if not upto or not sound(upto):
        return Proof(False, len(upto))
    wanted = {one.hash: one.seq for one in entries if one.seq >= upto[-1].seq}
    for row in _seals(upto[-1]):
        held = _leaves(row)
        place = _place(held, wanted) if held is not None else None
        if held is None or place is None or not _signed(row):
            continue
        leaf = held.leaves[place]
        if not sound(entries[: wanted[leaf.hash]]):
            return Proof(False, len(upto))
        lines = [one.line.encode() for one in held.leaves]
        return Proof(
            True, len(upto), PublicSeal.of(row), wanted[leaf.hash], leaf.line, tuple(path(lines, place))
        )
    return Proof(True, len(upto))


def sound(entries: Iterable[Entry]) -> bool:
    """Whether each entry is as it was hashed and hangs on the one before, the first on nothing."""
    before = ""
    for place, one in enumerate(entries, start=1):
        if one.seq != place or one.prev != before or sm3(hashed_text(entry_fields(one))) != one.hash:
            return False
        before = one.hash
    return True


def path(lines: Sequence[bytes], place: int) -> Iterable[tuple[str, str]]:
    """What must be hashed beside a leaf on its way to the root: (side it stands on, 64 hex digits), from below."""
    level = [bytes.fromhex(sm3(b"\x00" + line)) for line in lines]
    while len(level) > 1:
        beside = place ^ 1
        if beside < len(level):
            yield (LEFT if beside < place else RIGHT), level[beside].hex()
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [bytes.fromhex(sm3(b"\x01" + left + right)) for left, right in pairs] + odd
        place //= 2


def root_of(leaf: str, way: Iterable[tuple[str, str]]) -> str:
    """The root a leaf and its path lead to; what anybody may reckon at home."""
    node = bytes.fromhex(sm3(b"\x00" + leaf.encode()))
    for side, other in way:
        pair = bytes.fromhex(other) + node if side == LEFT else node + bytes.fromhex(other)
        node = bytes.fromhex(sm3(b"\x01" + pair))
    return node.hex()


def _seals(entry: Entry) -> Iterable[Seal]:
    """The seals of the round in which an entry was sealed (two statements); none while it waits."""
    done = Delivery.objects.filter(entry=entry, follower=FOLLOWER, state="done").values_list(
        "done_at", flat=True
    )
    moment = done.first()
    return Seal.objects.filter(at=moment).order_by("seq") if moment else ()


def _leaves(row: Seal) -> leaves.Leaves | None:
    try:
        held = leaves.read(row.leaves)
    except (leaves.LeavesBroken, ValueError):
        return None
    return held if held.root == row.root else None


def _place(held: leaves.Leaves, wanted: dict[str, int]) -> int | None:
    return next((place for place, leaf in enumerate(held.leaves) if leaf.hash in wanted), None)


def _signed(row: Seal) -> bool:
    public = PublicSeal.of(row)
    return bool(public.public_key) and signing.good(
        bytes.fromhex(public.public_key), public.statement, public.signature
    )
