"""Predicted against observed defaults."""
