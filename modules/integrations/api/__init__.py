"""What a house says of itself to other systems."""
