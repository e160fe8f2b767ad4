# Made of ../_async/listing.py by tools/python/make_sync.py: change that.
"""Lists that are read page by page as they are iterated."""

from __future__ import annotations

from typing import Any, Iterator, Generic, Mapping, Optional, TypeVar

from .._calls import Options
from .._page import Page
from .http import HttpCaller

Item = TypeVar("Item")


class Listing(Generic[Item]):
    """A list: ``for item in listing``."""

    def __init__(self, http: HttpCaller, path: str, query: Mapping[str, Any], options: Options) -> None:
        self._http = http
        self._path = path
        self._query = query
        self._options = options

    def page(self, cursor: Optional[str] = None) -> Page[Item]:
        """One page: the first, or the one that a cursor stands for."""
        answer = self._http.get(self._path, {**self._query, "cursor": cursor}, options=self._options)
        return Page(data=answer["data"], next_cursor=answer["next_cursor"])

    def pages(self) -> Iterator[Page[Item]]:
        """One page after the other."""
        page = self.page()
        yield page
        while page.next_cursor is not None:
            page = self.page(page.next_cursor)
            yield page

    def __iter__(self) -> Iterator[Item]:
        for page in self.pages():
            for item in page.data:
                yield item
