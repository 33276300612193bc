"""Who should be told of a life event, and what next."""
