"""Addresses of the workbench: the hotline desk and the session in the square."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
