"""The embedded stack: what Guildhall needs from other software, from pip packages alone, for demo and tests."""
