"""The working-day calendar as rows: one per year and pack, official or provisional, and its days off the rule."""

from django.db import models


class CalendarYear(models.Model):
    """工作日历: one year of one pack, with its source. Provisional until the State Council's notice is adopted."""

    pack = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    status = models.CharField(
        max_length=12, choices=[("official", "official"), ("provisional", "provisional")]
    )
    source = models.CharField(max_length=200)

    class Meta:
        app_label = "kernel"
        constraints = [models.UniqueConstraint(fields=["pack", "year"], name="one_calendar_per_year")]


class CalendarDay(models.Model):
    """A day that departs from the week's rule: a holiday, or a weekend worked (调休)."""

    year = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    working = models.BooleanField()
    name = models.CharField(max_length=40, blank=True)

    class Meta:
        app_label = "kernel"
        constraints = [models.UniqueConstraint(fields=["year", "day"], name="one_row_per_day")]
