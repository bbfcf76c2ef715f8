"""Tables of the first two revisions, which are too many for one file each.

What a revision has used here is never changed.
"""
