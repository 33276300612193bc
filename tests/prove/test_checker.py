"""The checker is itself checked: it finds each kind of fault that is put in front of it, and nothing where there is none."""
