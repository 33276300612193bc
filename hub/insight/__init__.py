"""What the events say of the service as a whole: each figure is one declaration, by which every place shows the same number. Pure."""
