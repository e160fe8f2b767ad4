"""Lists that are read page by page as they are iterated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, AsyncIterator, Generic, Iterator, Mapping, Optional, TypeVar

from ._calls import Options
from ._http import AsyncHttpCaller, HttpCaller
from ._routes import list_call

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """A part of a list."""

    data: list[Item]
    #: For the next page; None on the last.
    next_cursor: Optional[str]


class Listing(Generic[Item]):
    """A list: ``for item in listing``."""

    def __init__(self, http: HttpCaller, path: str, query: Mapping[str, Any], options: Options) -> None:
        self._http = http
        self._path = path
        self._query = query
        self._options = options

    def page(self, cursor: Optional[str] = None) -> Page[Item]:
        """One page: the first, or the one that a cursor stands for."""
        return _page_of(self._http.call(list_call(self._path, self._query, cursor), self._options)[0])

    def pages(self) -> Iterator[Page[Item]]:
        """One page after the other."""
        page = self.page()
        yield page
        while page.next_cursor is not None:
            page = self.page(page.next_cursor)
            yield page

    def __iter__(self) -> Iterator[Item]:
        for page in self.pages():
            yield from page.data


class AsyncListing(Generic[Item]):
    """A list: ``async for item in listing``."""

    def __init__(self, http: AsyncHttpCaller, path: str, query: Mapping[str, Any], options: Options) -> None:
        self._http = http
        self._path = path
        self._query = query
        self._options = options

    async def page(self, cursor: Optional[str] = None) -> Page[Item]:
        """One page: the first, or the one that a cursor stands for."""
        return _page_of((await self._http.call(list_call(self._path, self._query, cursor), self._options))[0])

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


def _page_of(answer: Any) -> Page[Any]:
    return Page(data=answer["data"], next_cursor=answer["next_cursor"])
