"""Laws that hold for the whole tree."""
