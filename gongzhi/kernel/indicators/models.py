"""Roll-ups: every action leaves one small delta row; a job folds them per ancestor and organisation."""

from django.db import models

from gongzhi.kernel.ids import IdField

MOVED = "-"  # before the class of a delta's row that arrives from another area, holder or kind
PRIVATE = "*"  # after the kind of what is private: counted apart, shown only where there are enough


class Delta(models.Model):
    """One change of count: a matter of a kind in an area and with an organisation moved from one class to another."""

    id = IdField()
    area = models.ForeignKey("kernel.Area", on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        "kernel.Organisation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=24)
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12, blank=True)
    day = models.DateField()
    n = models.SmallIntegerField(default=1)

    class Meta:
        app_label = "kernel"


class Rollup(models.Model):
    """Folded deltas: net count per area (each ancestor), organisation (0 = all), kind, class and day."""

    area = models.ForeignKey("kernel.Area", on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation_id = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=24)
    counts = models.CharField(max_length=12)
    day = models.DateField()
    n = models.IntegerField(default=0)

    class Meta:
        app_label = "kernel"
        constraints = [
            models.UniqueConstraint(
                fields=["area", "organisation_id", "kind", "counts", "day"], name="one_rollup_row"
            )
        ]


class TypedForm(models.Model):
    """How much people had to write, per day, form and surface: numbers alone, of nobody and of no matter."""

    id = IdField()
    day = models.DateField()
    form = models.CharField(max_length=60)
    surface = models.CharField(max_length=12)
    sent = models.IntegerField(default=0)
    shown = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    typed = models.IntegerField(default=0)

    class Meta:
        app_label = "kernel"
        constraints = [models.UniqueConstraint(fields=["day", "form", "surface"], name="one_typed_row")]
