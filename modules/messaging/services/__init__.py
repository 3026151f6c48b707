"""What is done with messages: sent, delivered, read, refused."""
