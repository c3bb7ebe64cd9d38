"""The territory: a tree of areas, each valid from a day to a day, and the places a sticker can name."""

from typing import Any

from django.db import models

LEVELS = ["city", "district", "street", "community", "grid", "building"]


class PathField(models.CharField):
    """A tree path such as ``/1/23/456/``, compared byte by byte.

    Under a linguistic collation (zh_CN, en_US) PostgreSQL's range over a prefix loses descendants, so the
    column is ``COLLATE "C"`` there; SQLite compares bytes by itself.
    """

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        """Column type and collation for this database."""
        parameters = dict(super().db_parameters(connection))
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class Area(models.Model):
    """辖区: one node of the territory, from a day to a day. A redrawn area is a new row that succeeds the old."""

    code = models.CharField(max_length=32, blank=True, db_index=True)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=12, choices=[(level, level) for level in LEVELS])
    kind = models.CharField(max_length=24, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = PathField(max_length=160, db_index=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    succeeds = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="successors")
    polygon = models.BinaryField(null=True, blank=True)
    schematic = models.BooleanField(default=True)
    source_crs = models.CharField(max_length=12, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    households = models.PositiveIntegerField(null=True, blank=True)
    phone = models.CharField(max_length=24, blank=True)
    supervision_phone = models.CharField(max_length=24, blank=True)
    pack = models.CharField(max_length=40, blank=True)
    pinyin = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "kernel"
        indexes = [models.Index(fields=["parent", "level"], name="area_parent_level")]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """A place that a printed code names: a building, an estate, a lift, a facility. It holds nothing else.

    ``ended_why``: lost (the sheet is gone, another code took its place), gone (the place is no more), or empty.
    """

    code = models.CharField(max_length=12, unique=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="places")
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, default="building")
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=8, blank=True)

    class Meta:
        app_label = "kernel"

    def __str__(self) -> str:
        return self.label
