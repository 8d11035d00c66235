from unittest.mock import patch

import pytest
from fastapi.testclient import TestClient

from main import app
from settings import settings

client = TestClient(app)


def test_home_lists_items():
    assert "honey" in client.get("/").text


def test_items():
    assert [item["name"] for item in client.get("/items/").json()] == ["tea", "honey"]


@pytest.mark.parametrize(("item", "status"), [(1, 200), (9, 404)])
def test_one_item(item, status):
    assert client.get(f"/items/{item}").status_code == status


@patch("mailer.send", return_value=True)
def test_order_sends_mail(send):
    answer = client.post("/orders/", json={"item_id": 2, "amount": 2})
    assert answer.json() == {"total": 12.0}
    send.assert_called_once_with("shop@example.org", "2 x honey")


def test_version_is_read_from_the_root():
    assert settings.version == "1.4.0"
