"""What an incident keeps beside its matter: the proposal, the answer, the rating, how often it came back."""

from django.db import models

from gongzhi.domains.incidents.models_after import CalledBack, Mark
from gongzhi.domains.incidents.models_doors import Call, MailTaken
from gongzhi.domains.incidents.models_text import Training
from gongzhi.domains.incidents.outer.models import (
    OuterBatch,
    OuterMapping,
    OuterOrder,
    OuterOutgoing,
    OuterResult,
    UpperRow,
)
from gongzhi.kernel.models import Matter

__all__ = [
    "Call",
    "CalledBack",
    "Incident",
    "MailTaken",
    "Mark",
    "OuterBatch",
    "OuterMapping",
    "OuterOrder",
    "OuterOutgoing",
    "OuterResult",
    "Training",
    "UpperRow",
]


class Incident(models.Model):
    """事件, one-to-one with its matter. What a person wrote is not here: words have one home."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="incident")
    urgency = models.CharField(max_length=12, default="normal")
    suggested = models.CharField(max_length=40, blank=True)
    proposed_level = models.CharField(max_length=12, blank=True)
    over_limit = models.BooleanField(default=False)
    returns = models.PositiveSmallIntegerField(default=0)
    arbitrated = models.BooleanField(default=False)
    reworks = models.PositiveSmallIntegerField(default=0)
    repeats = models.PositiveSmallIntegerField(default=0)
    disagreed = models.BooleanField(default=False)
    supervised = models.BooleanField(default=False)
    contacted = models.CharField(max_length=12, blank=True)
    solved = models.CharField(max_length=12, blank=True)
    reply_entry = models.BigIntegerField(null=True)
    result_at = models.DateTimeField(null=True)
    rated_at = models.DateTimeField(null=True)
    was_contacted = models.CharField(max_length=12, blank=True)
    was_solved = models.CharField(max_length=12, blank=True)
    satisfied = models.CharField(max_length=12, blank=True)
    look_again_on = models.DateField(null=True)
    merged_into = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="+")
    cause = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="+")
    cause_kind = models.CharField(max_length=24, blank=True, default="")
    repeat_of = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="+")
    listed_entry = models.BigIntegerField(null=True)
    hard_class = models.CharField(max_length=24, blank=True)

    class Meta:
        app_label = "incidents"
        indexes = [
            *(
                models.Index(
                    fields=[name], name=f"incident_{name}", condition=models.Q(**{f"{name}__isnull": False})
                )
                for name in ("rated_at", "result_at")
            ),
            models.Index(fields=["cause_kind"], name="known_causes", condition=~models.Q(cause_kind="")),
            models.Index(
                fields=["listed_entry"], name="listed", condition=models.Q(listed_entry__isnull=False)
            ),
            models.Index(fields=["hard_class"], name="hard", condition=~models.Q(hard_class="")),
        ]
