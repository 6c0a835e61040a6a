"""CSV: from the bytes of a text file to the cells of a table, and back."""
