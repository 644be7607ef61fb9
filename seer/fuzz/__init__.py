"""Random programs, run through every implementation of their meaning: what differs is a bug of ours.

`seer.fuzz.frontend` holds the campaign on C programs, `kernels` their generator, `legs` the
implementations, `shrink` what makes a failing program small.
"""
