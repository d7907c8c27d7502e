"""The native stack: every server of the platform as a supervised process on one machine, without containers."""
