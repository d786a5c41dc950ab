"""A team's own observations: records that never change, their history, how laptops merge them."""
