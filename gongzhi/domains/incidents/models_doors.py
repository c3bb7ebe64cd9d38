"""What the doors keep: a call at the hotline's desk, a mail of the mailbox. Numbers and addresses are sealed."""

from django.db import models

from gongzhi.kernel.ids import IdField


class Call(models.Model):
    """来电: one conversation at the hotline's desk. Its number is sealed and goes when the call ends, or once
    the caller was rung back as promised; nothing lists calls by number. ``looked``: how many matters the clerk saw."""

    id = IdField()
    area = models.ForeignKey("kernel.Area", on_delete=models.PROTECT, related_name="+")
    outer_id = models.CharField(max_length=80, blank=True)
    person = models.ForeignKey("kernel.Person", null=True, on_delete=models.PROTECT, related_name="+")
    number_enc = models.BinaryField(null=True)
    note_enc = models.BinaryField(null=True)
    rang_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True)
    looked = models.PositiveSmallIntegerField(default=0)
    ring_back_by = models.DateTimeField(null=True)
    rung_back_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "incidents"
        constraints = [
            models.UniqueConstraint(
                fields=["outer_id"], name="one_call_per_ring", condition=~models.Q(outer_id="")
            )
        ]
        indexes = [
            models.Index(fields=["area", "id"], name="call_open", condition=models.Q(closed_at__isnull=True)),
        ]


class MailTaken(models.Model):
    """来信: one mail of the mailbox, taken in once. ``why``: why it became no report; the address is sealed."""

    id = IdField()
    area = models.ForeignKey("kernel.Area", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=12)
    why = models.CharField(max_length=60, blank=True)
    address_enc = models.BinaryField(null=True)
    kept_enc = models.BinaryField(null=True)
    matter = models.ForeignKey("kernel.Matter", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "incidents"
