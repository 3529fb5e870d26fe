"""Article files with what is known of them, as values."""

from kgbuild.articles.files import MAX_BYTES, read_article, read_articles

__all__ = ["MAX_BYTES", "read_article", "read_articles"]
