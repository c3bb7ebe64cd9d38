"""The machines' surface."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Has no models: tokens stand with the people they are bound to."""

    name = "gongzhi.surfaces.api"
    label = "api"
