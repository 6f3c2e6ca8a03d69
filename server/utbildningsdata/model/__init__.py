"""The catalogue's own ideas over RDF graphs: records, labels, the profile, changes, feeds."""
