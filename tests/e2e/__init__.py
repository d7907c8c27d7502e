"""A package, so that its platform ends with it, and the tests that follow have the machine for themselves."""
