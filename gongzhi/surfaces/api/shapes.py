"""The API's words: every shape with an example; identifiers are strings, moments carry their offset."""

from datetime import datetime
from typing import Any

from ninja import Field, Schema

EXAMPLE_LINE: dict[str, Any] = {
    "id": "913004217433522176",
    "number": "261120-0009",
    "kind": "incident",
    "reading": "full",
    "stage": {"id": "pending_sign_in", "label": "待签收"},
    "category": {"id": "street_lamp", "label": "路灯"},
    "title": "3号楼东侧，路灯",
    "place": "3号楼东侧",
    "street": "示例街道",
    "community": "示例社区",
    "opened_at": "2026-11-20T10:03:00+08:00",
    "promised_at": "2026-11-25T10:03:00+08:00",
    "closed_at": None,
}
EXAMPLE_REPORTED: dict[str, Any] = {
    "id": "913004217433522176",
    "number": "261120-0009",
    "receipt": "9f2c4d…（只给上报人自己的设备）",
    "digits": "1234 5678 9012",
}
EXAMPLE_ACT = {"seen": 3, "said": {"to": "41", "note": "灯杆编号 A-17。"}}
EXAMPLE_REFUSAL: dict[str, Any] = {"refusal": "派遣：现在是“待签收”，做不了这一步。", "code": "not_now"}


class Label(Schema):
    """An id of the house and what it is called."""

    id: str
    label: str


class Line(Schema):
    """A matter in a list. ``reading`` says how much of it this hand may read; what it may not is null."""

    id: str
    number: str
    kind: str
    reading: str
    stage: Label
    category: Label
    title: str | None = None
    place: str | None = None
    street: str | None = None
    community: str | None = None
    opened_at: datetime
    promised_at: datetime | None = None
    closed_at: datetime | None = None

    model_config = {"json_schema_extra": {"example": EXAMPLE_LINE}}


class Page(Schema):
    """A page of a list. ``next`` is what to send as ``after``; null on the last page."""

    items: list[Line]
    next: str | None = None


class Awaited(Schema):
    """One thing awaited: what, since, until; ``provisional`` where the year's calendar is not official yet."""

    what: Label
    since: datetime
    due_at: datetime | None = None
    provisional: bool = False
    paused: bool = False


class Picture(Schema):
    """A photo or voice note; its bytes are at ``/files/{id}`` (``?size=thumb`` for a photo)."""

    id: str
    kind: str
    media_type: str


class Written(Schema):
    """What was written under a field."""

    label: str
    text: str


class Step(Schema):
    """One entry of the ledger, newest first: who did what, in a sentence, and what was written with it."""

    seq: int
    at: datetime
    verb: str
    who: str
    sentence: str
    words: list[Written] = []
    hash: str = Field(description="哈希的前几位")


class Detail(Line):
    """A matter as this hand may read it. ``seen`` is sent back with an act, so that nobody overrides a newer one."""

    seen: int
    point: list[float] | None = Field(None, description="纬度、经度（WGS-84）")
    words: str | None = None
    summary: str | None = Field(None, description="给承办单位的情况说明（反映人要求保密时代替原话）")
    pictures: list[Picture] = []
    awaited: list[Awaited] = []
    steps: list[Step] = []


class Followed(Schema):
    """A matter as its reporter reads it: five plain states (1–5) or a side end, the promise, the answer."""

    id: str
    number: str
    state: int
    side: str
    statement: str
    promised_at: datetime | None = None
    words: str
    can: list[str]
    seen: int


class PossibleAct(Schema):
    """An action as this hand finds it: ``now``, ``not_yet`` (a condition), ``not_now`` (stage) or ``not_yours``."""

    action: str
    label: str
    state: str
    why: str = ""
    rule: str = ""
    hint: str = ""
    grave: bool = False
    said: dict[str, Any] | None = Field(None, description="said 的 JSON Schema；现在做不了的没有")


class Taken(Schema):
    """The entry an act made."""

    entry: str
    matter: str
    number: str
    seq: int
    at: datetime
    stage: Label
    hash: str


class Reported(Schema):
    """The answer to a report. ``receipt`` and ``digits`` are there only when the reporter sent it themselves."""

    id: str
    number: str
    receipt: str | None = None
    digits: str | None = None

    model_config = {"json_schema_extra": {"example": EXAMPLE_REPORTED}}


class Refused(Schema):
    """Every no: a sentence to show, a code to branch on, field errors where there are fields."""

    refusal: str
    code: str
    rule: str | None = None
    errors: dict[str, str] | None = None

    model_config = {"json_schema_extra": {"example": EXAMPLE_REFUSAL}}


class ReportIn(Schema):
    """What is reported. One of code, lat and lon, area, or place says where; a photo's own position comes last."""

    words: str = Field("", max_length=2000, examples=["3号楼东侧路灯三天不亮了"])
    category: str = Field("", description="类别 id；不写就按 words 里的词判断")
    place: str = Field("", max_length=200, examples=["3号楼东侧"])
    code: str = Field("", max_length=32, description="楼门码")
    lat: float | None = Field(None, ge=-90, le=90, description="纬度（WGS-84）")
    lon: float | None = Field(None, ge=-180, le=180, description="经度（WGS-84）")
    area: str = Field("", description="网格或社区的 id")
    phone: str = Field("", examples=["13800000000"])
    who_may_see: str = Field("all", description="all、community_only、sealed_from_grid、none")
    told_by: str = Field("none", description="sms、call、none")
    wants_call: bool = False
    keep_out: bool = Field(False, description="不让网格员和社区看到")
    about: list[str] = Field(
        [], description="对谁有意见：grid、community、property_company、owners_committee、street"
    )
    channel: str = Field("", description="代报时：desk、phone、hotline、visit、chat、patrol、handed")
    consent: bool = Field(False, description="本人同意代报")
    urgency: str = Field("normal", description="normal、soon、urgent、danger")
    happened: datetime | None = None
