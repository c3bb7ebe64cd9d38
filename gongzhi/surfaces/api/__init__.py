"""The API: other systems report, read, list and act through the same door, with the same refusals."""
