"""The Context page: areas, profile, index, services, brief."""
