"""How many records the folds have not taken yet, as the services' own metrics tell."""

import httpx
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.settings import SERVICES
from deploy.local.stack import Stack

LAG = "touchline_position_lag_records"


async def lag(stack: Stack) -> int | None:
    """The lag of all four services together; None while one of them does not answer."""
    async with httpx.AsyncClient(timeout=2) as http:
        try:
            pages = [await http.get(f"{stack.url(service)}/metrics") for service in SERVICES]
        except httpx.TransportError:
            return None
    return sum(_lag(page.text) for page in pages)


def _lag(page: str) -> int:
    families = text_string_to_metric_families(page)
    return sum(
        int(sample.value) for one in families for sample in one.samples if sample.name == LAG
    )
