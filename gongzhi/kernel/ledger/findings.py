"""What a check of the ledger finds: faults that name matter, number and act, and the report as people read it."""

from dataclasses import dataclass, field

SHOWN = 200
KEPT = 2000


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was written.

    ``kind`` is a short id for tests and counters; ``chain`` a matter's number or a register's name (empty: the seals);
    ``seq`` the entry's place in it; ``verb`` its act, where it can still be read; ``sentence`` says it in Chinese.
    """

    kind: str
    chain: str
    seq: int
    verb: str
    sentence: str

    def __str__(self) -> str:
        where = f"{self.chain}，第 {self.seq} 笔" if self.chain and self.seq else self.chain or "封印"
        return f"{where}{f'（{self.verb}）' if self.verb else ''}：{self.sentence}"


@dataclass
class Report:
    """What was looked at and what was found. ``newer`` entries stand in no seal yet: only their chain protects them."""

    entries: int = 0
    chains: int = 0
    seals: int = 0
    newer: int = 0
    words: int = 0
    files: int = 0
    seconds: float = 0.0
    last_seal: str = ""
    demonstration: bool = False
    against: str = ""
    faults: list[Fault] = field(default_factory=list)
    dropped: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.faults

    @property
    def full(self) -> bool:
        """Whether further faults are counted only."""
        return len(self.faults) >= KEPT

    def found(self, kind: str, chain: str, seq: int, verb: str, sentence: str) -> None:
        """Note a fault; beyond :data:`KEPT` they are counted only."""
        if self.full:
            self.dropped += 1
        else:
            self.faults.append(Fault(kind, chain, seq, verb, sentence))

    def __str__(self) -> str:
        if self.sound:
            return "\n".join(["台账完好。", *self._looked_at()])
        listed = [str(fault) for fault in self.faults[:SHOWN]]
        rest = len(self.faults) - len(listed) + self.dropped
        more = [f"另有 {rest:,} 处没有列出。"] if rest else []
        count = len(self.faults) + self.dropped
        return "\n".join([f"台账有 {count:,} 处对不上：", *listed, *more, "", *self._looked_at()])

    def _looked_at(self) -> list[str]:
        lines = [
            f"查了 {self.entries:,} 笔、{self.chains:,} 条链、{self.words:,} 段文字、{self.files:,} 个附件，"
            f"用时 {self.seconds:.1f} 秒。"
        ]
        if not self.seals:
            lines.append(f"还没有封印：{self.newer:,} 笔都只有链保护。")
            return lines
        key = "，用的是演示密钥" if self.demonstration else ""
        lines.append(f"封印 {self.seals:,} 次，最近一次 {self.last_seal}{key}。")
        lines.append(f"之后的 {self.newer:,} 笔还没有封，只有链保护。")
        if self.against:
            lines.append(self.against)
        return lines
