"""Open311 GeoReport v2: other systems report, follow and write back in a form many of them speak already."""
