"""Reading for pages: answers to blocks, lists, search."""
