"""Where something stands in a list: fractional index keys, compared byte by byte."""

from bisect import bisect_right, insort

from fractional_indexing import generate_key_between

# A key grows by a character for each six that are put at the same place. One that would be longer than this has the
# whole list given short keys first: there is room for some 370 more, and a snapshot does not fill up with keys.
LONGEST = 64


class Places:
    """The keys of one list, and those it had in this transaction: a key that was just left is not given again.

    A database checks uniqueness row by row, so a swap within one UPDATE must not pass through an equal key.
    """

    def __init__(self, keys: list[str]) -> None:
        self._keys = sorted(keys)

    def after(self, key: str | None) -> str:
        """A new key right behind `key`; None is the top of the list."""
        at = 0 if key is None else bisect_right(self._keys, key)
        return self._take(key, self._keys[at] if at < len(self._keys) else None)

    def at_end(self) -> str:
        """A new key behind all others."""
        return self._take(self._keys[-1] if self._keys else None, None)

    def at(self, key: str) -> str:
        """This very key, or one right behind it where it is taken by now."""
        if key in self._keys:
            return self.after(key)
        insort(self._keys, key)
        return key

    def _take(self, low: str | None, high: str | None) -> str:
        key: str = generate_key_between(low, high)
        insort(self._keys, key)
        return key
