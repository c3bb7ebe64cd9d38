"""Orders of other systems, both ways: taken over once, answered in their own sheet; and the platform above."""
