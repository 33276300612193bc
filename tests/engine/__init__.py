"""The engine on real stores: what it promises, and what shows when a promise is taken away."""
