"""Parquet: from typed columns to the cells of a table, and back. Needs pyarrow, the extra ``parquet``."""
