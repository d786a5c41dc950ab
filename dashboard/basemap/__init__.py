"""The basemap: what there is to draw, and the pieces of it that a view needs."""
