"""The local Kafka itself."""
