"""How long from the broker's append until a SELECT by another connection returns what the event says."""
