"""Who is told of which life events: pure, from agreements that are frozen values."""
