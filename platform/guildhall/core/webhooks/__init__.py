"""Outgoing webhooks: public facts, told to an association's other systems (standardwebhooks.com)."""
