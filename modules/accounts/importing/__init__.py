"""Reading the list that an association has: any file or paste that a person would call a list."""
