"""Coding projects as other programs keep them: REFI-QDA archives and Taguette's projects, read and written."""
