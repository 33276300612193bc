"""Figures: what is counted, by what, and what may be shown of it."""
