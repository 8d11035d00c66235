from fastapi import APIRouter, HTTPException

import database
from models import Item

router = APIRouter(prefix="/items")


@router.get("/")
def list_items() -> list[Item]:
    return database.all_items()


@router.get("/{item_id}")
def read_item(item_id: int) -> Item:
    item = database.find_item(item_id)
    if item is None:
        raise HTTPException(404, "no such item")
    return item
