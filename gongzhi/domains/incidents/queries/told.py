"""Plain sentences for residents, verb by verb, from the pack's texts and an entry's facts. Post and unit, no names."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gongzhi.domains.incidents.models import Incident
from gongzhi.kernel import packs
from gongzhi.kernel.clock import speak
from gongzhi.kernel.clock.terms import Term
from gongzhi.kernel.models import Entry, Mandate, Organisation
from gongzhi.kernel.process.deed import Work

LEVEL = {
    "community_desk": "社区",
    "street_desk": "街道",
    "district_dispatcher": "区指挥中心",
    "private_officer": "街道专人",
}
REASONS = [
    "extension_reason",
    "suspend_ground",
    "list_ground",
    "terminate_ground",
    "decline_reason",
    "void_reason",
    "beyond",
]
STATEMENT = {
    "submitted": "{desk}正在看这件事",
    "pending_verification": "网格员去现场看",
    "accepted": "{desk}受理了，正在找承办的单位",
    "filed": "{desk}受理了，正在找承办的单位",
    "pending_sign_in": "已经交给{holder}",
    "in_progress": "{holder}正在办",
    "rework": "{holder}重新在办",
    "suspended": "先停一停",
    "pending_inspection": "{holder}说办好了，正请人核实",
    "resolved": "办好了，您看行不行",
    "closed": "办好了，您看行不行",
    "archived": "这件事办完了",
}


def phrase(term: str) -> str:
    """``3wd`` as people say it: 3 个工作日."""
    return speak.term_words(Term.parse(term)) if term else ""


class Teller:
    """Says entries of one matter in plain words; organisations and mandates are read once."""

    def __init__(self, work: Work, incident: Incident, at: datetime, entries: Sequence[Entry] = ()) -> None:
        self.work, self.matter, self.incident, self.at = work, work.matter, incident, at
        self.pack = packs.load(work.matter.pack)
        self.names: dict[int, str] = {}
        self.posts: dict[str, str] = {}
        self.promises = _promises(entries)

    def say(self, entry: Entry) -> str:
        """The sentence for an entry; empty where a resident needs none."""
        said = self.pack.get(f"texts.follow.{entry.verb}.say", "")
        return filled(said, self.values(entry)) if said else ""

    def statement(self) -> str:
        """The one sentence on top of the page."""
        return filled(STATEMENT.get(self.matter.stage, ""), self.values(None))

    def values(self, entry: Entry | None) -> dict[str, str]:
        """What the braces of a text stand for."""
        facts: dict[str, Any] = json.loads(entry.facts) if entry else {}
        promised = self.promised(entry, facts)
        door = self.pack.get(f"exits.exit.{facts.get('door', '')}", {}) if "door" in facts else {}
        return {
            "number": self.matter.number,
            "title": self.matter.title,
            "holder": self.organisation(facts.get("to") or facts.get("decided") or self.work.holder_id)
            or "承办单位",
            "desk": self.who(entry) if entry and entry.actor.startswith("person:") else self.desk(),
            "due": speak.moment_resident(promised, self.at).removesuffix("前") if promised else "",
            "door": str(door.get("label", "")),
            "phone": str(door.get("phone", "")),
            "date": self.day(facts),
            "reason": self.reason(entry) if entry else "",
            "into": str(facts.get("into", "")),
            "words": _for_all(entry) if entry else "",
        }

    def promised(self, entry: Entry | None, facts: dict[str, Any]) -> datetime | None:
        """The moment a text names: a decision's term where one is awaited, else the promise as it stood then."""
        if "told" in facts:
            return datetime.fromisoformat(facts["told"])
        if entry is None or not self.promises:
            return self.matter.promised_at
        before = [moment for seq, moment in self.promises if seq <= entry.seq]
        return before[-1] if before else None

    def day(self, facts: dict[str, Any]) -> str:
        """A day named in the facts: 11 月 30 日."""
        named = facts.get("resume_on") or facts.get("look_again_on") or ""
        if not named:
            return ""
        day = datetime.fromisoformat(named)
        return f"{day.month} 月 {day.day} 日"

    def reason(self, entry: Entry) -> str:
        """Why, in the label of the listed reason and, for an extension, in the unit's words."""
        facts = json.loads(entry.facts)
        for name in REASONS:
            if name in facts:
                label = self.pack.get(f"fields.incident.{name}.choices.{facts[name]}", "")
                return str(label)
        return ""

    def desk(self) -> str:
        """The desk where a decision is awaited."""
        waits = [w for w in self.work.open_waits() if w.desk_role in LEVEL]
        return LEVEL[waits[0].desk_role] if waits else "社区"

    def who(self, entry: Entry) -> str:
        """Post and unit of who took an entry; grid workers by their post, never other staff by name."""
        if not entry.acting_as.startswith("mandate:"):
            settled = self.organisation(self.work.holder_id) if entry.verb == "settle" else ""
            return settled or ("系统" if entry.actor == "clock" else "您")
        if entry.acting_as not in self.posts:
            self.posts[entry.acting_as] = self._post(int(entry.acting_as.removeprefix("mandate:")))
        return self.posts[entry.acting_as]

    def _post(self, mandate_id: int) -> str:
        mandate = Mandate.objects.select_related("person", "organisation").filter(pk=mandate_id).first()
        if mandate is None:
            return "工作人员"
        if mandate.role in ("grid_worker", "grid_lead"):
            return f"网格员{mandate.person.name}"
        return str(mandate.organisation) if mandate.organisation else "工作人员"

    def organisation(self, pk: int | None) -> str:
        """An organisation's short name."""
        if pk is None:
            return ""
        if pk not in self.names:
            found = Organisation.objects.filter(pk=pk).first()
            self.names[pk] = found.name if found else ""
        return self.names[pk]

    def place(self) -> str:
        """Community and grid, where the matter hangs there."""
        parts = (
            [self.matter.community, self.matter.grid] if self.matter.community_id else [self.matter.street]
        )
        return " ".join(area.name for area in parts if area is not None)


def _for_all(entry: Entry) -> str:
    """What was written for everybody in it; "" of other entries, and once removed."""
    if entry.verb != "tell_all":
        return ""
    row = getattr(entry, "words", None)
    return str(json.loads(row.text).get("public_words", "")) if row is not None else ""


def to_say(work: Work, at: datetime) -> str:
    """What a call tells: the last thing the reporter would have been sent, in plain words; "" where nothing was."""
    entries = list(Entry.objects.filter(matter=work.matter).order_by("seq"))
    texts = packs.load(work.matter.pack).get("texts.follow", {})
    told = [entry for entry in entries if texts.get(entry.verb, {}).get("sms")]
    if not told:
        return ""
    return Teller(work, Incident.objects.get(pk=work.matter.pk), at, entries).say(told[-1])


def _promises(entries: Sequence[Entry]) -> list[tuple[int, datetime]]:
    """When each promise was made or moved, oldest first: (entry number, promised moment)."""
    found = []
    for entry in entries:
        facts = json.loads(entry.facts)
        named = facts.get("promised") or facts.get("now")
        if named:
            found.append((entry.seq, datetime.fromisoformat(named)))
    return found


def filled(said: str, values: dict[str, str]) -> str:
    """A text with its braces filled; a clause whose brace is empty is left out."""
    clauses = re.split(r"(?<=[，。；])", said)
    kept = [c for c in clauses if all(values.get(name, "") for name in re.findall(r"{(\w+)}", c))]
    text = "".join(kept).format(**values) if kept else ""
    return text[:-1] + "。" if text.endswith("，") else text
