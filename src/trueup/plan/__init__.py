"""Operations become an ordered plan of changes."""
