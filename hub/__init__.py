"""FOSS Hub: a council is told once, every service that should know knows, and everybody can see whether it was done in time."""
