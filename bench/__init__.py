"""What the product promises, measured: `python -m bench`."""
