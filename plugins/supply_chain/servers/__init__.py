"""What each server of the platform is: its command, its configuration, its health, and what it needs first."""
