"""Every test here happens at three in the afternoon."""

from tests.command.afternoon import at_three, sitting

__all__ = ["at_three", "sitting"]
