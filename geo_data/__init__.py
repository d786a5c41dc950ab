"""What is true about the data: words, units, shapes, places, the store and who may see what."""
