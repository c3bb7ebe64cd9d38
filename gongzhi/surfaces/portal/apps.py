"""The residents' surface."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Has no models: what it keeps stands in the draft folder, in cookies and behind the domain's actions."""

    name = "gongzhi.surfaces.portal"
    label = "portal"
