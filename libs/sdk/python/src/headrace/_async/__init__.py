"""The client for asyncio. ``_sync`` is made of these modules by ``tools/python/make_sync.py``, but for ``ways``."""
