"""What a risk team asks of a book: who, which pairs, what if."""
