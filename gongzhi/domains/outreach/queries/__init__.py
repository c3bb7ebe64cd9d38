"""What can be read of notices, one module per audience."""
