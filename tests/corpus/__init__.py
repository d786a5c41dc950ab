"""Bad inputs of every kind met in the field, each with what must become of it."""
