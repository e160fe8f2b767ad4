"""What the README says of getting the raw body, in each framework."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import django
import httpx
import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from fastapi import FastAPI, Request, Response
from flask import Flask
from flask import request as flask_request
from flask.typing import ResponseReturnValue
from test_webhooks import named

from headrace import VerifiedWebhook, WebhookHeaders, WebhookVerificationError, verify_webhook

# Parsed and written again by Python it would be other bytes.
VECTOR = named("numbers, escapes and keys that change when JSON is written again")


def verified(body: bytes, headers: WebhookHeaders) -> VerifiedWebhook:
    return verify_webhook(body, headers, VECTOR["secrets"], now=lambda: float(VECTOR["now"]))


def flask_app() -> Any:
    app = Flask(__name__)

    @app.post("/webhooks")
    def receive() -> ResponseReturnValue:
        try:
            webhook = verified(flask_request.get_data(), flask_request.headers)
        except WebhookVerificationError as error:
            return str(error), 400
        return {"type": webhook.payload["type"]}

    return app


def receive_with_django(request: HttpRequest) -> HttpResponse:
    try:
        webhook = verified(request.body, request.headers)
    except WebhookVerificationError as error:
        return HttpResponse(str(error), status=400)
    return HttpResponse(json.dumps({"type": webhook.payload["type"]}))


urlpatterns = [path("webhooks", csrf_exempt(receive_with_django))]


def django_app() -> Any:
    if not settings.configured:
        middleware = ["django.middleware.csrf.CsrfViewMiddleware"]
        settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=middleware)
        django.setup()
    return WSGIHandler()


def fastapi_app() -> FastAPI:
    app = FastAPI()

    @app.post("/webhooks")
    async def receive(request: Request) -> Response:
        try:
            webhook = verified(await request.body(), request.headers)
        except WebhookVerificationError as error:
            return Response(str(error), status_code=400)
        return Response(json.dumps({"type": webhook.payload["type"]}))

    return app


def answer_of_wsgi(app: Any, body: str) -> httpx.Response:
    with httpx.Client(transport=httpx.WSGITransport(app), base_url="http://shop.example") as client:
        return client.post("/webhooks", content=body.encode(), headers=VECTOR["headers"])


def answer_of_asgi(app: Any, body: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.example") as client:
            return await client.post("/webhooks", content=body.encode(), headers=VECTOR["headers"])

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("app", "answer_of"),
    [(flask_app, answer_of_wsgi), (django_app, answer_of_wsgi), (fastapi_app, answer_of_asgi)],
    ids=["flask", "django", "fastapi"],
)
def test_the_raw_body_is_had_from(app: Any, answer_of: Any) -> None:
    answer = answer_of(app(), VECTOR["body"])
    assert (answer.status_code, answer.json()) == (200, {"type": "task.completed"})
    forged = answer_of(app(), VECTOR["body"].replace("task.completed", "task.failed"))
    assert forged.status_code == 400
    assert "No signature fits" in forged.text
