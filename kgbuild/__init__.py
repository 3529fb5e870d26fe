"""kgbuild: news articles about firms, regulators, rare earths and licenses as a knowledge graph with evidence."""
