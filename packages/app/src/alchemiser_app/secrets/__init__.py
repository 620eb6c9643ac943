"""Where keys are read from: the environment, the file `.env`, and stores of plugins, in order."""
