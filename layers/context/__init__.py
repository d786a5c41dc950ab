"""What an area holds: people, hazards, services, crossings, and how much of it is known."""
