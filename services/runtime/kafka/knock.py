"""One connection before all others, as only that tells why a broker lets nobody in."""

from ssl import SSLError

from aiokafka.conn import collect_hosts, create_conn  # type: ignore[import-untyped]
from aiokafka.errors import (  # type: ignore[import-untyped]
    IllegalSaslStateError,
    KafkaConnectionError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)

from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.topic_errors import AccessRefused

_PATIENCE_MS = 15_000
_REFUSED = (SaslAuthenticationFailed, UnsupportedSaslMechanismError, IllegalSaslStateError)


async def knock(brokers: Brokers) -> None:
    """Return when one of the brokers lets us in.

    Raises AccessRefused where one refuses us, or we do not believe it; OSError where none answers.
    """
    options = brokers.options
    del options["bootstrap_servers"]
    for host, port, _ in collect_hosts(brokers.servers):
        where = f"{host}:{port}"
        try:
            conn = await create_conn(host, port, request_timeout_ms=_PATIENCE_MS, **options)
        except _REFUSED as error:
            raise AccessRefused(where, f"knows us not ({error})", "SASL_USERNAME") from None
        except SSLError as error:  # an OSError, and yet it answered
            raise AccessRefused(where, f"is not whom we believe ({error})", "SSL_CA") from None
        except KafkaConnectionError as error:
            if isinstance(error.__cause__, SSLError):
                why = f"asks for a certificate that we do not show ({error.__cause__})"
                raise AccessRefused(where, why, "SSL_CERTIFICATE") from None
            last: Exception = OSError(f"{where} broke off: {error.__cause__ or error}")
        except OSError as error:
            last = error
        else:
            await conn.close()
            return
    raise last
