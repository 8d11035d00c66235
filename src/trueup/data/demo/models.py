from pydantic import BaseModel


class Item(BaseModel):
    id: int
    name: str
    price: float


class Order(BaseModel):
    item_id: int
    amount: int = 1
