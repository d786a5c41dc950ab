"""The version written into every release and export."""

VERSION = "0.1.0"
