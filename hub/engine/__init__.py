"""Events to views and effects, without loss, whatever dies."""
