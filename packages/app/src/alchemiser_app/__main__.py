"""`python -m alchemiser_app`."""

from alchemiser_app.cli.main import main

main()
