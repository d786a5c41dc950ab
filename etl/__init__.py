"""Provider files in, one release of hexagons, places and series out."""
