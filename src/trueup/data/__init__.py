"""Facts about the world, as TOML; each row bears its source and date."""
