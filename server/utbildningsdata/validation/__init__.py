"""SHACL: shapes, reports, and findings that people can act on. The only room that knows pySHACL."""
