"""The ledger: append-only entries in hash chains, the words beside them, and what must be told."""

from django.conf import settings
from django.db import models

from gongzhi.kernel.ids import IdField


class Entry(models.Model):
    """台账: one row per action. A chain is a matter, or a register (people, territory, calendar, packs, access)."""

    id = IdField()
    matter = models.ForeignKey(
        "kernel.Matter", null=True, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    register = models.CharField(max_length=16, blank=True)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    happened = models.DateTimeField(null=True)
    actor = models.CharField(max_length=60)
    acting_as = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=40, blank=True)
    for_whom = models.CharField(max_length=60, blank=True)
    verb = models.CharField(max_length=40)
    path = models.CharField(max_length=160, blank=True)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    facts = models.TextField(default="{}")
    words_seal = models.CharField(max_length=64, blank=True)
    cause_id = models.BigIntegerField(null=True)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        app_label = "kernel"
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "seq"], name="one_seq_per_matter", condition=models.Q(matter__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["register", "seq"],
                name="one_seq_per_register",
                condition=models.Q(matter__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["path", "verb"], name="entry_about", condition=models.Q(matter__isnull=True)
            ),
            models.Index(
                fields=["actor", "matter"], name="entry_mine", condition=models.Q(matter__isnull=False)
            ),
        ]


class Words(models.Model):
    """What a person wrote, one row per entry. It enters the chain only as SM3(salt ‖ words)."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT, related_name="words")
    salt = models.BinaryField()
    text = models.TextField()

    class Meta:
        app_label = "kernel"


class Register(models.Model):
    """登记台账: a chain of its own for people, territory, calendar, packs and access."""

    name = models.CharField(max_length=16, primary_key=True)
    seq = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="")

    class Meta:
        app_label = "kernel"


class Attachment(models.Model):
    """A photo, a voice note, a document beside an entry; the file is named by its digest, which the chain holds."""

    id = IdField()
    matter = models.ForeignKey("kernel.Matter", on_delete=models.PROTECT, related_name="attachments")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="attachments")
    kind = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, db_index=True)
    media_type = models.CharField(max_length=40)
    bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    released = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"


class Paper(models.Model):
    """内部材料: a file staff put beside an entry for staff. Nobody else is shown one."""

    id = IdField()
    matter = models.ForeignKey("kernel.Matter", on_delete=models.PROTECT, related_name="papers")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="papers", db_index=False)
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, db_index=True)
    media_type = models.CharField(max_length=80)
    bytes = models.PositiveIntegerField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"


class Delivery(models.Model):
    """投递: outbox row per (entry, follower), born with the entry, retried with back-off until done or stuck."""

    id = IdField()
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    follower = models.CharField(max_length=60)
    state = models.CharField(max_length=8, default="pending")
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    error = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"
        constraints = [
            models.UniqueConstraint(fields=["entry", "follower"], name="one_delivery_per_follower")
        ]
        indexes = [
            models.Index(fields=["next_at"], name="delivery_due", condition=models.Q(state="pending")),
            models.Index(fields=["follower", "id"], name="delivery_open", condition=~models.Q(state="done")),
        ]


class Seal(models.Model):
    """封印: root and signature over the heads of all chains grown since the last one; each contains the one before."""

    seq = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    previous = models.CharField(max_length=64, blank=True)
    root = models.CharField(max_length=64)
    signature = models.CharField(max_length=200)
    key_id = models.CharField(max_length=64)
    leaves = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    demonstration = models.BooleanField(default=True)

    class Meta:
        app_label = "kernel"


LEDGER_TABLES: list[str] = getattr(settings, "LEDGER_TABLES", ["kernel_entry"])
