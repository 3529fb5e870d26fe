"""A built graph for agents, by the Model Context Protocol (needs kgbuild[mcp])."""
