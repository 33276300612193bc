"""One person, seen whole: what every source says, what was decided, what is open; and what becomes of it when it must go."""
