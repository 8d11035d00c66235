"""Facts about the world, a table a module; each row bears its source and date."""
