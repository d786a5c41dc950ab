"""The search-and-rescue page: assets, reach, searched, drift, demand, gap, where next."""
