"""What an announced closure does to open promises: counted beforehand, switched at once, told once (RULES C-020)."""
