"""Services and who can reach them."""
