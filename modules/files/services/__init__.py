"""What is done with files: taken in, handed out, scanned, removed."""
