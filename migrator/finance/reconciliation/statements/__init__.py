"""The provider's itemized files: read line by line, set aside, and taken whole or not at all.

reading.py turns bytes into rows or into a sentence (pure); imports.py keeps them.
"""
