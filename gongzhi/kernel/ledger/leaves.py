"""The leaves of a seal: heads of chains, kept as a file named by its digest, and the Merkle root over them.

A leaf is ``<tag> <seq> <hash>``; the tag is HMAC-SM3 of the chain's public name (a matter's number, a register) under
a key outside the database, so that the file alone tells nobody which matters moved. The root is the Merkle tree of
RFC 6962 with SM3: leaf = SM3(00 ‖ line), node = SM3(01 ‖ left ‖ right), an odd one moves up as it is.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongzhi.kernel.datafolder import private_folder, write_whole
from gongzhi.kernel.people import keyring

PURPOSE, SIZE = "chains", 32  # the key ring of the tags, bytes
FIRST_LINE = "gongzhi leaves 1 "


class LeavesBroken(Exception):
    """A leaves file that is gone, changed or cannot be read; the message is a sentence."""


@dataclass(frozen=True, order=True)
class Leaf:
    """The head of one chain when it was sealed."""

    tag: str
    seq: int
    hash: str

    @property
    def line(self) -> str:
        """The leaf as it is written and hashed."""
        return f"{self.tag} {self.seq} {self.hash}"


@dataclass(frozen=True)
class Leaves:
    """The leaves of one seal and the id of the key their tags were made with."""

    key_id: str
    leaves: tuple[Leaf, ...]

    @property
    def root(self) -> str:
        """Merkle root, 64 hex digits."""
        return merkle_root([leaf.line.encode() for leaf in self.leaves])


def tag_key() -> keyring.Key:
    """The key tags are made with now."""
    return keyring.current(PURPOSE, SIZE)


def tag(key: keyring.Key, chain: str) -> str:
    """A chain's tag: ``chain`` is a matter's number (``261120-0009``) or ``r:<register>``."""
    return hmac.digest(key.secret, chain.encode(), "sm3").hex()


def gathered(heads: Iterable[tuple[str, int, str]]) -> Leaves:
    """Leaves from (chain, seq, hash), the highest seq of each chain, in the order of their tags."""
    key = tag_key()
    highest: dict[str, tuple[int, str]] = {}
    for chain, seq, digest in heads:
        if chain not in highest or seq > highest[chain][0]:
            highest[chain] = seq, digest
    return Leaves(key.id, tuple(sorted(Leaf(tag(key, chain), *head) for chain, head in highest.items())))


def write(leaves: Leaves) -> str:
    """Write the leaves, fsynced, under the SM3 digest of the file, which is returned (64 hex digits)."""
    text = "\n".join([FIRST_LINE + leaves.key_id, *(leaf.line for leaf in leaves.leaves), ""])
    digest = hashlib.new("sm3", text.encode()).hexdigest()
    write_whole(_path(digest), text.encode())
    return digest


def read(digest: str) -> Leaves:
    """Read leaves back. Raises :class:`LeavesBroken` when the file is gone or is not what its name says."""
    try:
        text = _path(digest).read_bytes()
    except OSError as fault:
        raise LeavesBroken(f"叶子文件 {digest[:12]}… 不见了") from fault
    if hashlib.new("sm3", text).hexdigest() != digest:
        raise LeavesBroken(f"叶子文件 {digest[:12]}… 被改过")
    first, *lines = text.decode().splitlines()
    rows = (line.split(" ") for line in lines)
    return Leaves(
        first.removeprefix(FIRST_LINE), tuple(Leaf(tag, int(seq), digest) for tag, seq, digest in rows)
    )


def merkle_root(lines: Sequence[bytes]) -> str:
    """The Merkle root over lines in their order, 64 hex digits; of none, SM3 of nothing."""
    level = [_sm3(b"\x00" + line) for line in lines]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [_sm3(b"\x01" + left + right) for left, right in pairs] + odd
    return (level[0] if level else _sm3(b"")).hex()


def _path(digest: str) -> Path:
    return private_folder("seals", "leaves") / f"{digest}.txt"


def _sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()
