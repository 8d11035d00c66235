"""How people come in: thin; each maps a request to steps and one report."""
