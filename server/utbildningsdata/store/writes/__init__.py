"""Writing by protocol: what is asked for, what it changes, and the process that makes it so."""
