"""Insurance as finance sees it: one cover for each premium, earned over its window. Read rules.py first."""
