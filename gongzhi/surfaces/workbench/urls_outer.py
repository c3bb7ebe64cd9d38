"""Addresses of the workbench: orders of other systems, both ways."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
