"""gongzhi: the system neighbourhoods are run on."""

__version__ = "0.1.0"
