"""What is planned becomes a message to one recipient, made when it is sent; what recipients answer becomes events."""
