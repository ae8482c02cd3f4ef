"""From a written table to an SOP: grid → head → rows → steps → YAML. Pure but for `readers`, which opens files.

Nothing is made up: what the table does not say is asked or left open, and every guess is marked in the file.
"""
