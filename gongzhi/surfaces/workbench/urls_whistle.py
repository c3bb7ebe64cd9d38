"""Addresses of the workbench: 吹哨报到."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
