"""The catalogue that partners read: what is said on which topic, and how a program of theirs reads it, as pages and as AsyncAPI."""
