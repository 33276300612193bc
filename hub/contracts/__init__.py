"""Event types, their envelope, codec and topics: what the hub and its neighbours agree on."""
