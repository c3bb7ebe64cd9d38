"""Addresses of the workbench: the same thing reported twice: near matters, merging, one cause."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
