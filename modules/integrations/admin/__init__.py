"""Pages of the secretariat for tokens and webhooks."""
