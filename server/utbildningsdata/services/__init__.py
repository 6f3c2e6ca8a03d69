"""What the catalogue does: each service one use, independent of the others, of Flask and of storage."""
