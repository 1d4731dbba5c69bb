"""``python -m portal.demo.provider``: makes its key and its tables, and serves until it is told to stop.

Key, tables and sessions are new each time and lie in a folder that is gone when the program ends.
"""

import argparse
import io
import os
import tempfile
from pathlib import Path

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces

SETTINGS = "portal.demo.provider.settings"
KEY_BITS = 2048  # the least that RS256 may have (RFC 7518, section 3.3)
SECRET = "OIDC_CLIENT_SECRET"  # noqa: S105 - the name of a variable: on a command line everybody could read it


def arguments_of(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m portal.demo.provider", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8095)
    parser.add_argument("--issuer", default="", help="its own address; http://127.0.0.1:PORT when it is not given")
    parser.add_argument("--people", default="http://127.0.0.1:8090/_people", help="where the made-up people are listed")
    parser.add_argument(
        "--client", default="borgerblik-demo", help=f"the site's id; its secret is the variable {SECRET}"
    )
    parser.add_argument("--redirect", action="append", required=True, help="where an answer may go; may be repeated")
    parser.add_argument("--after-sign-out", action="append", default=[], help="where one may go then; may be repeated")
    return parser.parse_args(words)


def _new_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _environment(arguments: argparse.Namespace, folder: Path) -> dict[str, str]:
    """What ``settings.py`` reads, here and in the process that serves."""
    return {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "PROVIDER_FOLDER": str(folder),
        "PROVIDER_ISSUER": arguments.issuer or f"http://127.0.0.1:{arguments.port}",
        "PROVIDER_PEOPLE": arguments.people,
        "PROVIDER_REDIRECTS": " ".join(arguments.redirect),
    }


def _make_tables(arguments: argparse.Namespace, secret: str) -> None:
    django.setup()
    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    call_command(
        "createapplication",
        "confidential",
        "authorization-code",
        client_id=arguments.client,
        client_secret=secret,
        hash_client_secret=False,  # hashing it anew for every token costs a third of a second and protects nobody here
        name=arguments.client,
        redirect_uris=" ".join(arguments.redirect),
        post_logout_redirect_uris=" ".join(arguments.after_sign_out),
        skip_authorization=True,
        algorithm="RS256",
        stdout=io.StringIO(),  # it says the secret
    )


def main() -> None:
    arguments = arguments_of()
    secret = os.environ.get(SECRET)
    if not secret:
        raise SystemExit(f"{SECRET} is not set, so no site could sign anybody in. Set it to what the site has.")
    with tempfile.TemporaryDirectory(prefix="borgerblik-provider-") as folder:
        key = Path(folder) / "key.pem"
        key.touch(mode=0o600)
        key.write_bytes(_new_key())
        os.environ.update(_environment(arguments, Path(folder)))
        _make_tables(arguments, secret)
        # One thread: SQLite takes one writer, and a demo has few visitors. Idle connections wait in granian, not in it.
        Granian(
            "portal.demo.provider.wsgi:application",
            address=arguments.host,
            port=arguments.port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=1,
        ).serve()


if __name__ == "__main__":
    main()
