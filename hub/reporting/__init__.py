"""Figures read from the rows: one reader for the command, the API, the pages and the gauges."""
