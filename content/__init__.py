"""What the bot knows: YAML files, and the frozen models that say what a file must hold.

Nothing here decides, computes for a person, or knows that a chat exists. `load` is the only door.
"""
