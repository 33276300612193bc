"""What `hub demo` shows the hub on: real input, recorded."""
