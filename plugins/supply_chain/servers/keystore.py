"""Keys and certificates in the form in which programs in Java read them."""

from __future__ import annotations

import hashlib
import os
import secrets
import ssl
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_keystore(identity: Path, target: Path) -> str:
    """Write a key and its certificate as a PKCS #12 file.

    Args:
        identity: both of them in PEM.
        target: the file to write, readable by its owner alone; it is replaced.

    Returns:
        Its password, which is new each time.

    Raises:
        subprocess.CalledProcessError: ``identity`` is not a key and its certificate.
    """
    password = secrets.token_urlsafe()
    target.parent.mkdir(parents=True, exist_ok=True)
    # The password is not on the command line, which everybody can read.
    source, result = ("-in", str(identity)), ("-out", str(target), "-passout", "env:KEYSTORE_PASSWORD")
    subprocess.run(
        ["openssl", "pkcs12", "-export", *source, *result],
        env={**os.environ, "KEYSTORE_PASSWORD": password},
        check=True,
    )
    return password


def fingerprint(identity: Path) -> str:
    """Return the SHA-1 of a certificate (hex), by which Flink is told the only one to be trusted.

    Args:
        identity: the certificate in PEM, after its key.

    Raises:
        ValueError: there is no certificate.
    """
    text = identity.read_text(encoding="ascii")
    certificate = ssl.PEM_cert_to_DER_cert(text[text.index(ssl.PEM_HEADER) :])
    return hashlib.sha1(certificate).hexdigest()  # noqa: S324 (Flink takes no other)
