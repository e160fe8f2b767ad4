"""Lists that are read page by page as they are iterated."""

from __future__ import annotations

from typing import Any, AsyncIterator, Generic, Mapping, Optional, TypeVar

from .._calls import Options
from .._page import Page
from .http import AsyncHttpCaller

Item = TypeVar("Item")


class AsyncListing(Generic[Item]):
    """A list: ``async for item in listing``."""

    def __init__(self, http: AsyncHttpCaller, path: str, query: Mapping[str, Any], options: Options) -> None:
        self._http = http
        self._path = path
        self._query = query
        self._options = options

    async def page(self, cursor: Optional[str] = None) -> Page[Item]:
        """One page: the first, or the one that a cursor stands for."""
        answer = await self._http.get(self._path, {**self._query, "cursor": cursor}, options=self._options)
        return Page(data=answer["data"], next_cursor=answer["next_cursor"])

    async def pages(self) -> AsyncIterator[Page[Item]]:
        """One page after the other."""
        page = await self.page()
        yield page
        while page.next_cursor is not None:
            page = await self.page(page.next_cursor)
            yield page

    async def __aiter__(self) -> AsyncIterator[Item]:
        async for page in self.pages():
            for item in page.data:
                yield item
