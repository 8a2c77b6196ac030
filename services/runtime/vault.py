"""A key a person: what was sealed with it can be read until it is deleted, and then never again.

AES-256-GCM. The subject's id is bound to every ciphertext, so one person's sealed data cannot
be put in another's place.
"""

import base64
import binascii
import secrets
from collections.abc import Iterable, Sequence
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import AsyncConnection

KEY_BYTES = 32
NONCE_BYTES = 12


class Unsealable(Exception):
    """The text was not sealed with this key for this subject, or was altered since."""

    def __init__(self) -> None:
        super().__init__("not sealed with this key for this subject, or altered since")


class WrongVaultKey(Exception):
    """The vault's keys were wrapped with another key than the one given."""

    def __init__(self) -> None:
        super().__init__(
            "TOUCHLINE_VAULT_KEY is not the key that wrapped the keys in this database."
            " Give every service the same key, the one that the database was filled with."
        )


def seal(key: bytes, subject: UUID, plain: bytes) -> str:
    """`plain`, readable with `key` for `subject` alone: base64 of nonce and ciphertext."""
    return base64.b64encode(_encrypt(key, subject, plain)).decode()


def unseal(key: bytes, subject: UUID, sealed: str) -> bytes:
    """What was sealed. Raises Unsealable for another key or subject, or altered text."""
    try:
        return _decrypt(key, subject, base64.b64decode(sealed, validate=True))
    except (InvalidTag, ValueError, binascii.Error):
        raise Unsealable from None


class Vault:
    """The keys of all subjects, in table vault.keys, wrapped by `kek` that lives outside it.

    Callers run in READ COMMITTED, PostgreSQL's default: a racing writer's key must be seen.
    """

    def __init__(self, kek: bytes) -> None:
        self._kek = kek
        self._verified = False

    async def verify(self, conn: AsyncConnection) -> None:
        """Raise WrongVaultKey if the keys that lie in the vault were wrapped by another key."""
        if not self._verified:
            row = await (
                await conn.execute("select subject, wrapped from vault.keys limit 1")
            ).fetchone()
            self._verified = row is not None and bool(self._unwrapped([row]))

    async def keys(self, conn: AsyncConnection, subjects: Sequence[UUID]) -> dict[UUID, bytes]:
        """The keys of those subjects that have one; an erased subject has none."""
        cursor = await conn.execute(
            "select subject, wrapped from vault.keys where subject = any(%b::uuid[])",
            (list(subjects),),
            binary=True,
        )
        return self._unwrapped(await cursor.fetchall())

    def unwrapped(self, subject: UUID, wrapped: bytes) -> bytes:
        """The key, as it lies in the vault for that subject."""
        return self._unwrapped([(subject, wrapped)])[subject]

    async def keys_or_new(
        self, conn: AsyncConnection, subjects: Sequence[UUID]
    ) -> dict[UUID, bytes]:
        """A key for each subject, made in the caller's transaction where there was none.

        Whoever races for the same subject gets the same key. Rows are taken in the order of
        their ids, so writers wait for each other but never deadlock.
        """
        await self.verify(conn)
        found: dict[UUID, bytes] = {}
        missing = sorted(set(subjects))
        while missing:
            found |= await self._found_or_made(conn, missing)
            missing = [one for one in missing if one not in found]
        return found

    async def _found_or_made(
        self, conn: AsyncConnection, subjects: list[UUID]
    ) -> dict[UUID, bytes]:
        """In one statement; a key that a racing writer committed meanwhile is in neither."""
        fresh = {subject: secrets.token_bytes(KEY_BYTES) for subject in subjects}
        wrapped = [_encrypt(self._kek, subject, key) for subject, key in fresh.items()]
        cursor = await conn.execute(
            "with made as (insert into vault.keys (subject, wrapped)"
            " select * from unnest(%b::uuid[], %b::bytea[]) on conflict do nothing"
            " returning subject) select subject, null from made union all"
            " select subject, wrapped from vault.keys where subject = any(%b::uuid[])",
            (subjects, wrapped, subjects),
            binary=True,
        )
        rows = await cursor.fetchall()
        made = {subject: fresh[subject] for subject, old in rows if old is None}
        return made | self._unwrapped(row for row in rows if row[1] is not None)

    def _unwrapped(self, rows: Iterable[tuple[UUID, bytes]]) -> dict[UUID, bytes]:
        try:
            return {subject: _decrypt(self._kek, subject, wrapped) for subject, wrapped in rows}
        except (InvalidTag, ValueError):
            raise WrongVaultKey from None


def _encrypt(key: bytes, subject: UUID, plain: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, subject.bytes)


def _decrypt(key: bytes, subject: UUID, sealed: bytes) -> bytes:
    nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return AESGCM(key).decrypt(nonce, ciphertext, subject.bytes)
