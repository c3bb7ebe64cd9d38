"""Addresses of the workbench: desk against desk: long-term list, links, notes, canned texts, responsibility list."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
