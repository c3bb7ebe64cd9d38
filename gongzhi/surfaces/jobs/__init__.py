"""What runs by the clock: due waits, deliveries, roll-ups, seals; and the commands an operator types."""
