"""What the catalogue does: each service one use, independent of the others and of Flask."""
