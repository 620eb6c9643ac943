"""The feeds that come with the app: a folder of files, and a synthetic market.

`files.FilesFeed` and `sample.SampleFeed` are the feeds, `factories.FEEDS` what the app's plugin
offers of them; each module costs only itself to import.
"""
