"""Kafka Connect's REST API over the hub's own connectors: what engineers and their tools know of Connect works here too."""
