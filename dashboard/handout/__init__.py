"""What leaves the app as a file: one picture in many formats, protected, with units and sources."""
