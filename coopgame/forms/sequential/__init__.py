"""Game trees."""
