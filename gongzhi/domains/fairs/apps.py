"""The fairs domain as a Django application."""

from django.apps import AppConfig


class FairsConfig(AppConfig):
    """Registers this domain's guards, desks and bodies with the kernel."""

    name = "gongzhi.domains.fairs"
    label = "fairs"
    verbose_name = "信息赶集"

    def ready(self) -> None:
        """Import the modules whose decorators register what process pages name."""
        from gongzhi.domains.fairs import bodies, desks, guards  # noqa: F401
