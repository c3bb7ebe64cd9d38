"""Incidents: whatever a resident or grid worker finds, from the snap to the rated result."""
