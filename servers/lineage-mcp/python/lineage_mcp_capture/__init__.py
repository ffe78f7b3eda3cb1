"""Records marimo cell runs and DataFrame operations. Importing this package by hand in a notebook starts it too."""

VERSION = "1"
