"""Counting the pages of a site from its sitemap; `gateway.py` alone asks other hosts."""
