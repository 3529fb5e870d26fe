"""kgbuild turns news articles about firms, regulators, rare earths and licenses into a knowledge graph."""
