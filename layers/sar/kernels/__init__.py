"""Compiled loops; imported where they are called, because the compiler is slow to load."""
