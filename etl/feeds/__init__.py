"""Feeds: ask a server, keep its answers as files. What is in them is for the readers to say."""
