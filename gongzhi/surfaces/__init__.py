"""One audience's voice each: residents, staff, the command centre, machines, and the clock."""
