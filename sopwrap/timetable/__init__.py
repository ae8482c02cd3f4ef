"""The office's calendar as files for those who wake programs: systemd, cron, GitLab CI, GitHub Actions."""
