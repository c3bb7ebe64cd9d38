"""What every test shares, wherever it stands."""

from hypothesis import settings

pytest_plugins = ["tests.database"]

# A slow machine is no fault of the code under test.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
