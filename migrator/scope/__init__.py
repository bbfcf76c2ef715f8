"""What we do and do not do: for each task and product one answer, its rule and a sentence (RULES M-022 to M-042, X-02).

Starts from `policy/scope-1.toml`; an administrator's change begins a new edition, and rows of earlier ones stay for the
tickets that were answered by them. Read `rules.py` first.
"""
