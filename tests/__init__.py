"""Values in, values out; real servers; kill -9 for promises."""
