"""The demonstration: believable associations on the embedded stack, and doors that open with one click."""
