"""Search and rescue: who arrives where, in what time, and where nobody would."""
