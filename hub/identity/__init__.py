"""Who is the same person? Pure: records and decisions in, decisions out; nothing here waits, stores or keeps secrets."""
