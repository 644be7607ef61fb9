"""The command line. Nothing here computes: it parses options, shows progress and prints results."""
