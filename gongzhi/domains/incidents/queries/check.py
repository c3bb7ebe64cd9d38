"""Whether a printed matter agrees with the ledger: yes or no for whoever holds the paper, and nothing of the matter."""

import re
from dataclasses import dataclass

from gongzhi.kernel.ledger import proof
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.ledger.seal import PublicSeal
from gongzhi.kernel.process.models import Matter

DIGEST = re.compile(r"[0-9a-f]{64}")
AGREES, WAITS, DIFFERS = "agrees", "waits", "differs"


@dataclass(frozen=True)
class Checked:
    """``agrees`` (sealed), ``waits`` (agrees with the ledger, not sealed yet), ``differs``; ``seal`` of what may be
    told of: never of a private kind. ``later``: something was added after the paper was printed."""

    answer: str
    seal: PublicSeal | None = None
    later: bool = False


def check(number: str, digest: str) -> Checked:
    """Look a paper up by its number and the hash printed on it (five statements). Unknown and wrong are one answer."""
    if not DIGEST.fullmatch(digest):
        return Checked(DIFFERS)
    matter = Matter.objects.filter(number=number).first()
    entries = list(Entry.objects.filter(matter=matter).order_by("seq")) if matter is not None else []
    seq = next((one.seq for one in entries if one.hash == digest), None)
    if matter is None or seq is None:
        return Checked(DIFFERS)
    found = proof.prove(entries, seq)
    if not found.sound:
        return Checked(DIFFERS)
    if matter.private or matter.about_person:
        return Checked(AGREES if found.seal else WAITS)
    return Checked(AGREES if found.seal else WAITS, found.seal, later=seq < len(entries))
