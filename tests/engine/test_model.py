"""Whatever order of deliveries, deaths, rebalances and decisions: the engine holds what a simple fold says."""
