"""What operators see: logs, metrics, errors and traces. None of them carries a name, an address or a mail."""
