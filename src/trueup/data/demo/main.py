"""A small shop, as it grew."""

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

import database
from routers import items, orders
from settings import settings

app = FastAPI(title=settings.title)
app.include_router(items.router)
app.include_router(orders.router)
templates = Jinja2Templates(directory="templates")  # relative to the working directory


@app.get("/", response_class=HTMLResponse)
def home(request: Request):
    return templates.TemplateResponse(request, "home.html", {"items": database.all_items()})


if __name__ == "__main__":
    uvicorn.run("main:app", reload=True)
