"""What staff were told, how each wants to be told outside the inbox, and what leaves through a gateway.

No text and no number stands here: a notice and a message are made of the ledger when they are read or sent.
"""

from django.db import models

from gongzhi.kernel.ids import IdField
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.models import Mandate, Person
from gongzhi.kernel.process.models import Matter, Receipt

PENDING, DONE, STUCK, UNSENT, JOINED = "pending", "done", "stuck", "unsent", "joined"


class InboxItem(models.Model):
    """通知: one entry told to one person, as one of their mandates. Reading it goes through the gate each time."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+", db_index=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", db_index=False)
    whom = models.CharField(max_length=16)
    at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"
        constraints = [models.UniqueConstraint(fields=["person", "entry"], name="one_item_per_entry")]
        indexes = [
            models.Index(fields=["mandate", "-id"], name="inbox_list"),
            models.Index(
                fields=["mandate", "matter"], name="inbox_unread", condition=models.Q(read_at__isnull=True)
            ),
        ]


class HowTold(models.Model):
    """How a person wants to be told outside the inbox: the name of a channel, and where to, encrypted."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT, related_name="how_told")
    channel = models.CharField(max_length=12, blank=True, db_index=True)
    address_enc = models.BinaryField(null=True)

    class Meta:
        app_label = "kernel"


class Sending(models.Model):
    """One message to one person or one receipt through one channel: claimed, tried, retried, or closed unsent.

    ``kind`` says who writes it (``telling.channels.WRITERS``); ``key`` makes it once, here and at the carrier.
    """

    id = IdField()
    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12)
    channel = models.CharField(max_length=12)
    entry = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    receipt = models.ForeignKey(Receipt, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    born_at = models.DateTimeField(db_index=True)
    next_at = models.DateTimeField()
    state = models.CharField(max_length=8, default=PENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"
        indexes = [
            models.Index(fields=["next_at"], name="sending_due", condition=models.Q(state="pending")),
            models.Index(
                fields=["state", "-id"],
                name="sending_open",
                condition=~models.Q(state__in=("done", "joined")),
            ),
        ]
