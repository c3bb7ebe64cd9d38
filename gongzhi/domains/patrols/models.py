"""Routes with their points, and patrols with their stops, copied: a later change of the route changes no walk."""

from typing import Any

from django.db import models

from gongzhi.kernel.models import Area, Matter


def _own_matter(named: str) -> Any:
    return models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name=named)


class Route(models.Model):
    """巡查路线, one-to-one with its matter. ``weekdays``: ``135`` Monday, Wednesday, Friday; empty: once."""

    matter = _own_matter("route")
    weekdays = models.CharField(max_length=7, blank=True)
    days = models.PositiveSmallIntegerField()
    next_on = models.DateField(null=True)

    class Meta:
        app_label = "patrols"


class Spot(models.Model):
    """What a point and a stop have in common: its number from 1, what it is called, what to look at, where it is."""

    n = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=60)
    look = models.CharField(max_length=24)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)

    class Meta:
        abstract = True


class Point(Spot):
    """A point of a route as it stands today."""

    route = models.ForeignKey(Route, on_delete=models.CASCADE, related_name="points")

    class Meta:
        app_label = "patrols"
        constraints = [models.UniqueConstraint(fields=["route", "n"], name="point_once")]


class Patrol(models.Model):
    """巡查, one-to-one with its matter. ``why``: the page's reason why points were left out, or none was seen."""

    matter = _own_matter("patrol")
    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="patrols")
    until_on = models.DateField()
    why = models.CharField(max_length=24, blank=True)

    class Meta:
        app_label = "patrols"


class Stop(Spot):
    """A point on one walk. ``result``: "" (not seen), clear or found; ``found``: the latest matter reported there."""

    patrol = models.ForeignKey(Patrol, on_delete=models.CASCADE, related_name="stops")
    result = models.CharField(max_length=8, blank=True)
    found = models.ForeignKey(
        Matter, null=True, on_delete=models.SET_NULL, related_name="found_at", db_index=False
    )

    class Meta:
        app_label = "patrols"
        constraints = [models.UniqueConstraint(fields=["patrol", "n"], name="stop_once")]
