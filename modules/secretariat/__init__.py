"""The association's own office and front page."""
