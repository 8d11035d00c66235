"""Changes to disk, or nothing."""
