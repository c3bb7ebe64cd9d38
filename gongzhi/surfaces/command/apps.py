"""The command centre as a Django application."""

from django.apps import AppConfig


class CommandConfig(AppConfig):
    """Has no models: it reads through the domain's queries; acts are taken at the desk."""

    name = "gongzhi.surfaces.command"
    label = "command"
