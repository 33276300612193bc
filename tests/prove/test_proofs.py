"""Every proof at its ci size, and every guard once taken away."""
