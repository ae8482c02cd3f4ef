"""The board: how the office stands, as one page that needs no server, no network and no script."""
