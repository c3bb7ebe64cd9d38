"""What can be read of sessions in the square and of questions answered at once."""
