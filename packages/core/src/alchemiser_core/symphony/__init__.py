"""Symphonies: published rule trees, read, checked, decided over all dates and explained."""
