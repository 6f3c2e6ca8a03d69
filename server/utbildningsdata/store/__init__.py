"""Where the catalogue is kept: files, revisions, Oxigraph, and the workers that run queries."""
