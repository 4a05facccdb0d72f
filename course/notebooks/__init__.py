"""Clean, check, generate and execute .ipynb files."""
