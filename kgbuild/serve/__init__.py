"""A local site over a built graph: SPARQL endpoint, saved questions as an API, pages (`kgbuild[serve]`)."""
