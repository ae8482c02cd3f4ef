"""Hosts of their own with systemd, addresses and sshd, in namespaces of this machine; described in README.md."""
