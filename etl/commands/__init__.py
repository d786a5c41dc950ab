"""One module per command of ``python -m etl``: its arguments, and what it does."""
