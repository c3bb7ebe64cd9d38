"""What every test shares, wherever it stands."""

pytest_plugins = ["tests.database"]
