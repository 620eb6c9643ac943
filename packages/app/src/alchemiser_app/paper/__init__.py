"""The paper broker: an account in a file, traded against the bars or quotes of the data feed."""
