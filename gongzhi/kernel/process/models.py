"""Matters, what is awaited on them, and who is tied to them."""

from typing import Any

from django.db import models

from gongzhi.kernel.ids import IdField
from gongzhi.kernel.people.models import Organisation, Person
from gongzhi.kernel.territory.models import Area


def _ancestor() -> Any:
    """An ancestor column: a reference without an index of its own (lists have composite ones)."""
    return models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)


class ProcessVersion(models.Model):
    """A compiled process page under its digest; running matters keep the one they began with."""

    digest = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=40)
    pack = models.CharField(max_length=40)
    page = models.TextField()
    stored_at = models.DateTimeField()

    class Meta:
        app_label = "kernel"


class Matter(models.Model):
    """事项: the one table for everything in process. A domain's own row is one-to-one with it."""

    id = IdField()
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=24)
    process = models.ForeignKey(ProcessVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    pack = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="matters", db_index=False)
    city = _ancestor()
    district = _ancestor()
    street = _ancestor()
    community = _ancestor()
    grid = _ancestor()
    building = _ancestor()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    subject = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    point_source = models.CharField(max_length=16, blank=True)
    source = models.CharField(max_length=24)
    title = models.CharField(max_length=120)
    promised_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    counts = models.CharField(max_length=12, default="open")
    private = models.BooleanField(default=False)
    about_person = models.BooleanField(default=False)
    restricted = models.BooleanField(default=False)
    seq = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="")

    class Meta:
        app_label = "kernel"
        indexes = [
            models.Index(fields=[level, "kind", "-id"], name=f"matter_{level}")
            for level in ("district", "street", "community", "grid")
        ]
        for level in ("district", "street", "community"):  # what came and what was closed in a period
            indexes += [
                models.Index(fields=[level, "opened_at"], name=f"opened_{level}"),
                models.Index(
                    fields=[level, "closed_at"],
                    name=f"closed_{level}",
                    condition=models.Q(closed_at__isnull=False),
                ),
            ]
        del level
        indexes.append(
            models.Index(fields=["category"], name="matter_category")
        )  # found by the name of its kind
        indexes += [  # what is near: the same kind around a point, and in a grid where there is none
            models.Index(
                fields=["category", "lat"], name="near_point", condition=models.Q(lat__isnull=False)
            ),
            models.Index(fields=["grid", "category", "opened_at"], name="near_grid"),
        ]


class Tie(models.Model):
    """关系: a role held by a person or an organisation that comes from the matter itself."""

    id = IdField()
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="ties")
    role = models.CharField(max_length=24)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"
        indexes = [
            models.Index(fields=["organisation", "role", "-matter"], name="tie_org"),
            models.Index(fields=["person", "role", "-matter"], name="tie_person"),
        ]


class Receipt(models.Model):
    """A resident's hand on a matter: what proves it (hashes only) and how to reach them (encrypted)."""

    tie = models.OneToOneField(Tie, on_delete=models.PROTECT, related_name="receipt")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="receipts")
    token_hash = models.CharField(max_length=64, unique=True)
    digits_hash = models.CharField(max_length=64)
    share_hash = models.CharField(max_length=64, blank=True, db_index=True)
    phone_enc = models.BinaryField(null=True)
    phone_tag = models.CharField(max_length=64, blank=True, db_index=True)
    who_may_see = models.CharField(max_length=20, default="all")
    wants_call = models.BooleanField(default=False)
    told_by = models.CharField(max_length=8, default="none")
    link_opened_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"


class Wait(models.Model):
    """待办: one thing awaited on a matter, at a desk, until a deadline. Ended ones are the punctuality record."""

    id = IdField()
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="waits")
    what = models.CharField(max_length=40)
    desk_role = models.CharField(max_length=40, blank=True)
    desk_area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    desk_org = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    term = models.CharField(max_length=16, blank=True)
    since = models.DateTimeField()
    pauses = models.TextField(default="[]")
    due_at = models.DateTimeField(null=True)
    fixed = models.BooleanField(default=False)
    provisional = models.BooleanField(default=False)
    ladder = models.CharField(max_length=40, blank=True)
    step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        "kernel.Entry", on_delete=models.PROTECT, related_name="opened_waits", db_index=False
    )
    ended_by = models.ForeignKey(
        "kernel.Entry", null=True, on_delete=models.PROTECT, related_name="ended_waits", db_index=False
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"
        indexes = [
            models.Index(
                fields=["next_at", "id"], name="wait_next", condition=models.Q(ended_at__isnull=True)
            ),
            models.Index(
                fields=["desk_area", "desk_role", "due_at"],
                name="wait_desk",
                condition=models.Q(ended_at__isnull=True),
            ),
            models.Index(
                fields=["desk_org", "due_at"], name="wait_org", condition=models.Q(ended_at__isnull=True)
            ),
            models.Index(
                fields=["person", "due_at"], name="wait_person", condition=models.Q(ended_at__isnull=True)
            ),
        ]


class Watched(models.Model):
    """关注: a person follows a matter. It opens nothing: what may be read is decided at each reading, by the gate."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        app_label = "kernel"
        constraints = [models.UniqueConstraint(fields=["person", "matter"], name="followed_once")]


class Link(models.Model):
    """关联: two matters have to do with each other. Either end is shown to who may read both, by the gate each time."""

    id = IdField()
    one = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    entry = models.ForeignKey("kernel.Entry", on_delete=models.PROTECT, related_name="+", db_index=False)
    until = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other"], name="linked_once", condition=models.Q(until__isnull=True)
            )
        ]


class IdempotencyKey(models.Model):
    """A write from outside, once: same key and content gives the first answer again."""

    channel = models.CharField(max_length=24)
    actor = models.CharField(max_length=60)
    key = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    entry_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        app_label = "kernel"
        constraints = [models.UniqueConstraint(fields=["channel", "actor", "key"], name="one_answer_per_key")]


class NumberBlock(models.Model):
    """Short daily numbers, reserved in blocks outside the transaction; gaps are normal."""

    day = models.DateField(primary_key=True)
    next = models.PositiveIntegerField(default=1)

    class Meta:
        app_label = "kernel"


class WrongCode(models.Model):
    """A wrong query code typed for a matter's number: five an hour, then it waits."""

    number = models.CharField(max_length=20, db_index=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "kernel"


class PhoneCode(models.Model):
    """A code asked for by somebody with a number, bound to the browser that asked; once typed, that browser's short
    session. The code itself stands nowhere: it is made of the row's id under a key outside the database."""

    id = IdField()
    phone_enc = models.BinaryField()
    phone_tag = models.CharField(max_length=64, db_index=True)
    browser_hash = models.CharField(max_length=64)
    asked_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"
