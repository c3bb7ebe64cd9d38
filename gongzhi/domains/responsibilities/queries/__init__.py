"""What can be read of responsibilities, one module per audience."""
