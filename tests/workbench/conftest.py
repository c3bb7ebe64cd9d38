"""What the workbench's tests share."""

from tests.workbench.sitting import hour, sit

__all__ = ["hour", "sit"]
