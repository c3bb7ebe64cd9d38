"""Addresses of the workbench: records that write themselves."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
