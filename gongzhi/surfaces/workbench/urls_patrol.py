"""Addresses of the workbench: patrol tasks."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
