"""Makes the model's files: reads the published weights, fine-tunes them on the examples, fits the
head and chooses the limits.

Development only: `make model` runs it in an environment of its own (tests/model.lock). Nothing here
is imported by the bot.
"""
