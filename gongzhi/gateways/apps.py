"""The gateways as a Django application: they carry what actions tell."""

from django.apps import AppConfig


class GatewaysConfig(AppConfig):
    """Registers the channels and the tellers with the kernel."""

    name = "gongzhi.gateways"
    label = "gateways"

    def ready(self) -> None:
        """Import the modules that register channels, in the order people see them, and tellers."""
        from gongzhi.gateways import sms, mail, wechat, phone_code, tell  # noqa: F401, I001
