"""XLSX: from the sheets of a workbook to the cells of a table, and back."""
