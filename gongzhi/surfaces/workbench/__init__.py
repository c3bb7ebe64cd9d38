"""The workbench: staff at their desks and on their phones."""
