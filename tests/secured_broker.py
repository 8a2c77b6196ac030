"""A real broker that lets others in over TLS alone, asks who they are, and allows little."""

import ipaddress
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from kafka import KafkaAdminClient
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType

from deploy.local import classes, jars, kafka, ports
from deploy.local.processes import prepare, spawn
from deploy.local.progress import Silence

HOST = ports.LOOPBACK
CLUSTER = "c2VjdXJlZC1icm9rZXItMQ"
SERVICE, OPERATOR = "touchline", "operator"
PASSWORD = "told to us alone"  # noqa: S105  of a broker that lives for a test
CERTIFIED = f"CN={SERVICE}"
"""Who the service is by its certificate."""
LISTENERS = ("open", "named", "certified", "controller")
SETTINGS = (
    kafka.ALONE
    + """\
controller.quorum.voters=1@{host}:{controller}
listeners=OPEN://{host}:{open},NAMED://{host}:{named},CERTIFIED://{host}:{certified},\
CONTROLLER://{host}:{controller}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,OPEN:PLAINTEXT,NAMED:SASL_SSL,CERTIFIED:SSL
inter.broker.listener.name=OPEN
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.named.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.certified.ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location={broker_pem}
ssl.truststore.type=PEM
ssl.truststore.location={authority_pem}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
log.dirs={data}
"""
)


@dataclass(frozen=True)
class Secured:
    """Where it takes a name and a password over TLS, where a certificate, and where its own
    administrator works, in the open."""

    open: str
    named: str
    certified: str
    authority: Path
    """Whoever signed the broker's certificate, and ours."""
    certificate: Path


def allow(
    broker: Secured, who: str, grants: Iterable[tuple[ResourceType, str, ACLOperation]]
) -> None:
    """Let somebody do these things, and nothing else."""
    admin = KafkaAdminClient(bootstrap_servers=broker.open)
    admin.create_acls(
        [
            ACL(
                f"User:{who}", "*", operation, ACLPermissionType.ALLOW, ResourcePattern(kind, name)
            )
            for kind, name, operation in grants
        ]
    )
    admin.close()


@contextmanager
def secured(folder: Path, jar_cache: Path) -> Iterator[Secured]:
    """Such a broker, until the block ends. It knows SERVICE and OPERATOR by PASSWORD."""
    folder.mkdir(parents=True)
    authority, certificate = _certificates(folder)
    numbers = dict(zip(LISTENERS, ports.choose(folder, len(LISTENERS)), strict=True))
    server = kafka.broker(folder, numbers["open"])
    server.folder.mkdir()
    settings = server.folder / "server.properties"
    settings.write_text(
        SETTINGS.format(
            host=HOST,
            data=server.data,
            broker_pem=folder / "broker.pem",
            authority_pem=authority,
            **numbers,
        )
    )
    class_path = jars.class_path(jar_cache, Silence())
    java = partial(kafka.java, class_path, classes.reading(class_path))
    format_it = ["kafka.tools.StorageTool", "format", f"--cluster-id={CLUSTER}"]
    for user in (SERVICE, OPERATOR):
        format_it += ["--add-scram", f"SCRAM-SHA-512=[name={user},password={PASSWORD}]"]
    prepare(server, java(*format_it, "-c", settings))
    spawn(server, java("kafka.Kafka", settings))
    try:
        kafka.await_answer(server)
        where = {name: f"{HOST}:{numbers[name]}" for name in ("open", "named", "certified")}
        yield Secured(**where, authority=authority, certificate=certificate)
    finally:
        kafka.halt(server)


def _certificates(folder: Path) -> tuple[Path, Path]:
    """Files of PEM: an authority, and what it signed for the broker and for us."""
    root = ec.generate_private_key(ec.SECP256R1())
    signed = _signed("authority", root, "authority", root)
    authority = folder / "authority.pem"
    authority.write_bytes(signed)
    for name in ("broker", SERVICE):
        key = ec.generate_private_key(ec.SECP256R1())
        own = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (folder / f"{name}.pem").write_bytes(own + _signed(name, key, "authority", root))
    return authority, folder / f"{SERVICE}.pem"


def _signed(
    name: str, key: ec.EllipticCurvePrivateKey, by: str, signer: ec.EllipticCurvePrivateKey
) -> bytes:
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(HOST))]
    authority = x509.BasicConstraints(ca=name == by, path_length=None)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(by))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(authority, critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(signer, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
