"""The engine and its peers at one job: decode case events, keep what is known per case, never disagree with the input position."""
