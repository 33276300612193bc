"""How many events per second of one core the hub takes in from files, beside Kafka Connect's own source of files on the same machine."""
