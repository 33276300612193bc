"""A real Apache Kafka on this machine, from jars that are checked before they run: for the demo and the tests, not for real data."""
