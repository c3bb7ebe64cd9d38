"""The responsibilities domain as a Django application."""

from django.apps import AppConfig


class ResponsibilitiesConfig(AppConfig):
    """Registers this domain's guards and bodies with the kernel."""

    name = "gongzhi.domains.responsibilities"
    label = "responsibilities"
    verbose_name = "责任清单"

    def ready(self) -> None:
        """Import the modules whose decorators register what the page names."""
        from gongzhi.domains.responsibilities import bodies, guards  # noqa: F401
