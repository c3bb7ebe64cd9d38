"""Reads of incidents, each with ``by=``: one module per audience (resident, desk, figures)."""
