"""Sheets to print and hand over: maps drawn as vectors, set with legend, sources and limits."""
