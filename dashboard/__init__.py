"""Building blocks of the app: the only cached reads, the only session state, the only maps."""
