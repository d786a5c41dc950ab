"""What of each kind of table one audience is shown: pure functions that the view calls."""
