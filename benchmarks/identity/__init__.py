"""How well, and how fast, people are told apart: synthetic records with known truth, the hub's matcher, and Splink beside it."""
