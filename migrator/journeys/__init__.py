"""What changes several rooms at once, one file each. A journey calls rooms, never a door; read the one you look for."""
