"""HTTP: pages, feeds, the SPARQL endpoint. The only room that knows Flask."""
