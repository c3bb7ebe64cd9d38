"""What stands after a closing: what was said when the reporter was rung, and what counts in a unit's figures."""

from django.db import models

from gongzhi.kernel.models import Matter, Organisation


class CalledBack(models.Model):
    """回访, at most one per matter: the last round's answers. The reporter's own rating stands apart.

    ``reached`` is False where the calls were given up; then nothing was answered.
    """

    matter = models.OneToOneField(
        Matter, primary_key=True, on_delete=models.PROTECT, related_name="called_back"
    )
    at = models.DateTimeField(db_index=True)
    reached = models.BooleanField(default=False)
    was_contacted = models.CharField(max_length=12, blank=True)
    was_solved = models.CharField(max_length=12, blank=True)
    satisfied = models.CharField(max_length=12, blank=True)

    class Meta:
        app_label = "incidents"


class Mark(models.Model):
    """考评记录: one thing of a matter that counts in a unit's figures, with what became of the unit's appeal.

    ``what``: rework, return, late, rating. ``appeal``: empty, open, upheld (then it no longer counts), refused.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="marks")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=12)
    at = models.DateTimeField()
    appeal = models.CharField(max_length=8, blank=True)
    ground = models.CharField(max_length=24, blank=True)
    appealed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "incidents"
        constraints = [models.UniqueConstraint(fields=["matter", "organisation", "what"], name="marked_once")]
        indexes = [
            models.Index(fields=["organisation", "what", "at"], name="mark_unit"),
            models.Index(fields=["appealed_at"], name="mark_appealed", condition=~models.Q(appeal="")),
        ]
