"""Organisations, persons and their mandates. A mandate is the only source of staff power."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from gongzhi.kernel.territory.models import Area


class Organisation(models.Model):
    """组织: department, street office, committee, company, branch … It stands in an area and may serve several."""

    name = models.CharField(max_length=120)
    short = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=24)
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="organisations"
    )
    serves = models.ManyToManyField(Area, blank=True, related_name="served_by")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    code = models.CharField(max_length=18, blank=True)
    duty = models.CharField(max_length=40, blank=True, db_index=True)
    phone = models.CharField(max_length=24, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "kernel"

    def __str__(self) -> str:
        return self.short or self.name


class PersonManager(BaseUserManager["Person"]):
    """Persons are found by their sign-in name."""

    def create_user(self, login: str, password: str | None = None, **fields: Any) -> "Person":
        """A new person with a hashed password (unusable when none is given)."""
        person = self.model(login=login, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """人员: somebody who works here. Residents are ties of a matter, never rows in this table."""

    login = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)
    phone_enc = models.BinaryField(null=True, blank=True)
    phone_tag = models.CharField(max_length=64, blank=True, db_index=True)
    first_password = models.BooleanField(default=False)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]
    objects = PersonManager()

    class Meta:
        app_label = "kernel"

    def __str__(self) -> str:
        return self.name


class Mandate(models.Model):
    """任职: a role over a branch of the tree and/or in an organisation, from–until (exclusive).

    A stand-in (AB岗) is a mandate that names the one it stands in for; ``only`` says that not all of the desk was
    handed over but its approvals.
    """

    APPROVALS = "approvals"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates")
    role = models.CharField(max_length=40)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="mandates")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="mandates"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    stands_in_for = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="stand_ins"
    )
    granted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    phone = models.CharField(max_length=24, blank=True)
    only = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        app_label = "kernel"
        indexes = [
            models.Index(fields=["area", "role"], name="mandate_area_role"),
            models.Index(fields=["organisation", "role"], name="mandate_org_role"),
        ]


class Proposal(models.Model):
    """待第二人确认: a mandate, stand-in or first password that one hand asks for and another one confirms."""

    KINDS = ["appoint", "stand_in", "password"]

    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proposals")
    role = models.CharField(max_length=40, blank=True)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    stands_in_for = models.ForeignKey(
        Mandate, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    only = models.CharField(max_length=12, blank=True, default="")
    phone = models.CharField(max_length=24, blank=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        app_label = "kernel"


class Token(models.Model):
    """A key for another system: hashed, bound to one mandate, limited to verbs, ends on a day."""

    name = models.CharField(max_length=60)
    hash = models.CharField(max_length=64, unique=True)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="tokens")
    verbs = models.CharField(max_length=200, default="report")
    until = models.DateTimeField()

    class Meta:
        app_label = "kernel"


class ChannelKey(models.Model):
    """A key of a channel (Open311): hashed, of one organisation, limited to verbs, area and rate, ended on a day.

    What reads or writes back does so under ``mandate``, given to the key's own account without sign-in.
    """

    REPORT, READ, UPDATE = "report", "read", "update"
    VERBS = (REPORT, READ, UPDATE)

    name = models.CharField(max_length=60)
    hash = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=16, default="open311")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    mandate = models.ForeignKey(
        Mandate, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    verbs = models.CharField(max_length=40, default=REPORT)
    per_hour = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"
