"""Reference geography: countries and land, committed as files, and the script that made them."""
