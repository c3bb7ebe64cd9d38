"""Addresses of the workbench: how kinds are suggested."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
