"""The alarm clock: when to look for nudges that are due, and when to keep house.

It knows no platform.
"""
