"""The pieces every surface shares: template tags, pieces, the one style sheet."""

from django.apps import AppConfig


class SurfacesConfig(AppConfig):
    """Holds ``templatetags/house.py``; has no models."""

    name = "gongzhi.surfaces"
    label = "surfaces"
