"""What the hub is measured against, and the measuring."""
