"""The staff's surface."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """Has no models: it reads through the domain's queries and writes through its actions."""

    name = "gongzhi.surfaces.workbench"
    label = "workbench"
