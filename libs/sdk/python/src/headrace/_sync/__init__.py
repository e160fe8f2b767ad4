"""The client that blocks. Made of ``_async`` by ``tools/python/make_sync.py``, but for ``ways``."""
