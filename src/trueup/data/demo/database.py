"""Items live in memory; the names are those of the models."""

from models import Item

_items = {1: Item(id=1, name="tea", price=3.5), 2: Item(id=2, name="honey", price=6.0)}


def all_items():
    return list(_items.values())


def find_item(item_id: int):
    return _items.get(item_id)
