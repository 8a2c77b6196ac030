"""Everybody around Touchline, introduced to one deployment of it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from services.runtime.kafka.brokers import Brokers
from simulator import connect
from simulator.reps import Rep
from simulator.run import Script, Simulation
from simulator.senders import ApiClient, MailTool, MarketingProducer, Shop


@dataclass(frozen=True, slots=True)
class Deployment:
    """Where a deployment's doors are, and the keys to them."""

    brokers: Brokers
    ingest_url: str
    queue_url: str
    source_key: str
    shopify_secret: str
    rep_keys: Mapping[str, str]


@asynccontextmanager
async def simulated(deployment: Deployment, script: Script) -> AsyncIterator[Simulation]:
    """A simulation with three senders, a rep for each key, a mail tool and a CRM."""
    brokers = deployment.brokers
    async with (
        httpx.AsyncClient(base_url=deployment.ingest_url, timeout=30) as ingest,
        httpx.AsyncClient(base_url=deployment.queue_url, timeout=30) as queue,
    ):
        with connect.producing(brokers) as producer:
            yield Simulation(
                script,
                brokers,
                [
                    ApiClient(ingest, deployment.source_key),
                    Shop(ingest, deployment.shopify_secret),
                    MarketingProducer(producer),
                ],
                MailTool(producer),
                [
                    Rep(queue, rep, key, script.seed, script.seconds_per_touch)
                    for rep, key in deployment.rep_keys.items()
                ],
            )
