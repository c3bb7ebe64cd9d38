"""The seal: every hour one signature over the heads of all chains grown since the last, each holding the one before.

What is signed is a statement of eight lines; ``previous`` is the digest of the last statement with its signature, so
that no seal can be taken out or replaced without breaking those after it. Root and signature are public; the leaves
stay inside; once a day root and signature go out to an address the district chooses, where nobody here can reach them.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongzhi.kernel.datafolder import private_folder, write_whole
from gongzhi.kernel.ledger import leaves, signing
from gongzhi.kernel.ledger.chain import sm3, stamp
from gongzhi.kernel.ledger.models import Delivery, Seal

MOST = 5_000  # entries in one seal: the transaction that marks them sealed stays short
CHUNK = 400
FOLLOWER = "seal"
NOT_DONE = (
    "NOT (kernel_delivery.state = 'done')"  # written out: SQLite takes its partial index for no parameter
)


@dataclass(frozen=True)
class PublicSeal:
    """A seal as anybody may see it, and as it is kept elsewhere: numbers, root, signature; no leaves."""

    seq: int
    at: str
    previous: str
    root: str
    count: int
    key_id: str
    signature: str
    demonstration: bool
    public_key: str = ""

    @classmethod
    def of(cls, row: Seal) -> "PublicSeal":
        """From the stored row, with the public key where it is kept."""
        public = signing.public_key(row.key_id)
        return cls(
            row.seq,
            stamp(row.at),
            row.previous,
            row.root,
            row.count,
            row.key_id,
            row.signature,
            row.demonstration,
            public.hex() if public else "",
        )

    @property
    def statement(self) -> bytes:
        """What is signed, one fact a line."""
        kind = "demonstration" if self.demonstration else "deployment"
        facts = ["gongzhi seal 1", self.seq, self.at, self.previous, self.root, self.count, self.key_id, kind]
        return "\n".join(str(fact) for fact in facts).encode()

    @property
    def digest(self) -> str:
        """What the next seal names as ``previous``: SM3 of statement and signature."""
        return sm3(self.statement + b"\n" + self.signature.encode())

    def json(self) -> str:
        """The seal as a page of JSON, to be kept elsewhere."""
        return json.dumps(self.__dict__, ensure_ascii=False, indent=1) + "\n"


def seal(at: datetime) -> int:
    """The hourly job: seal what has grown, send today's seal out once. Returns how many heads were sealed."""
    heads = 0
    while (row := seal_once(at)) is not None:
        heads += row.count
    send_out(at)
    return heads


def seal_once(at: datetime) -> Seal | None:
    """Make one seal over at most :data:`MOST` entries; None when nothing has grown or another process was faster.

    Leaves are on the disk and the signature made before the transaction, which holds the row and the marks only.
    """
    waiting = list(_waiting()[:MOST])
    if not waiting:
        return None
    gathered = leaves.gathered(
        (number or f"r:{register}", seq, head) for _, number, register, seq, head in waiting
    )
    last = Seal.objects.order_by("-seq").first()
    hand = signing.signer()
    draft = PublicSeal(
        seq=last.seq + 1 if last else 1,
        at=stamp(at),
        previous=PublicSeal.of(last).digest if last else "",
        root=gathered.root,
        count=len(gathered.leaves),
        key_id=hand.key_id,
        signature="",
        demonstration=hand.demonstration,
    )
    row = _row(draft, at, leaves.write(gathered), hand.sign(draft.statement))
    return row if _stored(row, [delivery for delivery, *_ in waiting], at) else None


def latest_seals(limit: int = 24) -> list[PublicSeal]:
    """The newest seals for the public page, newest first."""
    return [PublicSeal.of(row) for row in Seal.objects.order_by("-seq")[:limit]]


def waiting_count() -> int:
    """How many entries no seal holds yet: only their chain protects them."""
    return _waiting().count()


def waiting_entries() -> set[int]:
    """Ids of the entries that wait for the next seal."""
    return set(_waiting().values_list("entry", flat=True))


def kept_seals(origin: str) -> Iterator[Path]:
    """Copies of seals written beside the database, of the line of seals that begins with seal 1 of this digest."""
    yield from sorted(private_folder("seals", origin[:16]).glob("[0-9]*.json"))


# Sending out ------------------------------------------------------------------------------------------------------


def to_outbox(address: str, page: str, day: date) -> None:
    """The local stand-in of a gateway: the page as a file under ``DATA/outbox``."""
    write_whole(private_folder("outbox") / f"seal-{day}.json", page.encode())


ways_out: dict[str, Callable[[str, str, date], None]] = {"": to_outbox}
"""Gateways by the scheme of the address (``mailto``, ``https`` …): called with address, page of JSON and day."""


def send_out(at: datetime) -> bool:
    """Send the newest seal, root and signature alone, to ``SEAL_ADDRESS``, once a day; whether it went now."""
    row = Seal.objects.order_by("-seq").first()
    day = timezone.localdate(at)
    mark = private_folder("seals", "sent") / f"{day}"
    if row is None or mark.exists():
        return False
    address = str(getattr(settings, "SEAL_ADDRESS", "") or os.environ.get("SEAL_ADDRESS", ""))
    scheme = address.partition(":")[0] if ":" in address else ""
    page = PublicSeal.of(row).json()
    ways_out.get(scheme, to_outbox)(address, page, day)
    write_whole(mark, page.encode())
    return True


# Inside -----------------------------------------------------------------------------------------------------------


def _waiting() -> Any:
    """Deliveries to the seal not yet done, with what a leaf needs of their entries."""
    rows = Delivery.objects.filter(follower=FOLLOWER).extra(
        where=["NOT (state = 'done')"]
    )  # lets SQLite use its index
    names = ["id", "entry__matter__number", "entry__register", "entry__seq", "entry__hash"]
    return rows.order_by("id").values_list(*names)


def _row(draft: PublicSeal, at: datetime, file: str, signature: str) -> Seal:
    return Seal(
        seq=draft.seq,
        at=at,
        previous=draft.previous,
        root=draft.root,
        count=draft.count,
        key_id=draft.key_id,
        signature=signature,
        demonstration=draft.demonstration,
        leaves=file,
    )


def _stored(row: Seal, deliveries: list[int], at: datetime) -> bool:
    """Write the seal and mark its deliveries done, both or neither; False when that number was taken meanwhile."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            for start in range(0, len(deliveries), CHUNK):
                part = Delivery.objects.filter(pk__in=deliveries[start : start + CHUNK])
                part.update(state="done", done_at=at)
            transaction.on_commit(lambda: _keep_copy(row))
    except IntegrityError:
        if Seal.objects.filter(seq=row.seq).exists():
            return False
        raise
    return True


def _keep_copy(row: Seal) -> None:
    """A copy of the public part beside the database, so that a seal taken out of it is missed."""
    first = row if row.seq == 1 else Seal.objects.get(seq=1)
    folder = private_folder("seals", PublicSeal.of(first).digest[:16])
    write_whole(folder / f"{row.seq:08d}.json", PublicSeal.of(row).json().encode())
