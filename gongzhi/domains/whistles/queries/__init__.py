"""What can be read of whistles, one module per audience."""
