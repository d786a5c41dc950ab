"""The demo operation: a declaration, small files of real facts, and a generator of the rest."""
