"""A view is built anew under live load, with another fold, and takes over by a plan that a person releases."""
