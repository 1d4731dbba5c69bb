"""The mock indexes as a program: its options, its addresses, its start and its end."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import httpx
import pytest

from indexes.mock.answers import Source
from indexes.mock.server import LARGEST_REQUEST, Server
from tests.mock import asking
from tests.mock.indexes import TODAY, checked, message, status

ROOT = Path(__file__).resolve().parents[2]
ADDRESSES = {"sdi": "/sagdokumentindeks/6", "yi": "/ydelseindeks/6", "plan": "/planindeks/1"}
METTE = "6815859002"
RANDERS, UDK = "29189668", "33236239"
OWNERS_REQUESTS: dict[str, Callable[..., bytes]] = {"sdi": asking.sdi, "yi": asking.yi, "plan": asking.plan}
REQUESTS = {"sdi": asking.sdi(cpr=METTE), "yi": asking.yi(cpr=METTE), "plan": asking.plan(cpr=METTE)}
COMMAND = [sys.executable, "-m", "indexes.mock"]


def _run(*options: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(  # noqa: S603  our own program
        [*COMMAND, *options], cwd=ROOT, capture_output=True, text=True, check=False, timeout=30
    )
    assert "Traceback" not in done.stderr
    return done


def _told(hash_seed: str) -> dict[str, bytes]:
    """Answers of a program of its own, whose Python mixes its hashes in its own way."""
    options = ["--port=0", "--citizens=300", "--seed=7", f"--today={TODAY}"]
    with subprocess.Popen(  # noqa: S603  our own program
        [*COMMAND, *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    ) as running:
        assert running.stdout is not None
        with httpx.Client(base_url=running.stdout.readline().split()[-1].rstrip("/")) as client:
            told = {"people": client.get("/_people").content}
            for source, each in OWNERS_REQUESTS.items():
                for cvr in (RANDERS, UDK):
                    answer = client.post(ADDRESSES[source], content=each(cvr=cvr), headers=asking.HEADERS[source])
                    checked(Source(source), answer.content)
                    told[f"{source} {cvr}"] = answer.content
        running.terminate()
    return told


def test_two_programs_with_the_same_seed_give_the_same_bytes() -> None:
    first, second = _told("1"), _told("2")
    assert [name for name, bytes_ in first.items() if second[name] != bytes_] == []
    assert all(len(bytes_) > 1000 for name, bytes_ in first.items() if not name.startswith("plan"))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_says_so_and_ends_cleanly(how: signal.Signals) -> None:
    options = ["--port=0", "--citizens=300", "--trouble=yi=status503"]
    with subprocess.Popen(  # noqa: S603  our own program
        [*COMMAND, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        ready = running.stdout.readline()
        assert ready.startswith("The mock indexes are ready on http://127.0.0.1:")
        url = ready.split()[-1].rstrip("/")
        assert httpx.get(f"{url}/healthz").text == "ok"
        assert httpx.post(f"{url}/ydelseindeks/6", content=asking.yi(cpr=METTE)).status_code == 503
        running.send_signal(how)
        rest, complaints = running.communicate(timeout=10)
        assert (running.returncode, rest, complaints) == (0, "The mock indexes have stopped.\n", "")


def test_it_ends_while_a_client_hangs() -> None:
    with subprocess.Popen(  # noqa: S603  our own program
        [*COMMAND, "--port=0", "--citizens=0", "--trouble=sdi=hang"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        url = running.stdout.readline().split()[-1]
        hanging = Thread(target=_left_hanging, args=[f"{url}sagdokumentindeks/6"])
        hanging.start()
        running.terminate()
        assert running.wait(timeout=10) == 0
        hanging.join(timeout=10)


def _left_hanging(url: str) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.post(url, content=REQUESTS["sdi"], headers=asking.HEADERS["sdi"], timeout=5)


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _run(f"--port={port}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"The mock indexes cannot start: 127.0.0.1:{port} is not free")
    assert done.stderr.count("\n") == 1


def test_describe_prints_the_rates_and_ends() -> None:
    done = _run("--describe")
    assert done.returncode == 0
    assert "missing_primary_party" in done.stdout


@pytest.mark.parametrize(
    "wrong",
    ["--trouble=sdi", "--trouble=sdi=tired", "--trouble=cpr=slow", "--citizens=-1", "--port=70000",
     "--municipalities=2", "--municipalities=99", "--today=tomorrow", "--seed=x"],
)  # fmt: skip
def test_options_that_make_no_sense(wrong: str) -> None:
    done = _run(wrong)
    assert (done.returncode, done.stdout) == (2, "")


def test_people_are_told(client: httpx.Client) -> None:
    answer = client.get("/_people").json()
    assert len(answer["citizens"]) == 10
    fields = {"key", "name", "given_name", "cpr", "birth_date", "municipality", "story"}
    assert all(set(person) == fields for person in answer["citizens"])
    assert all(set(person) == {"key", "name", "role", "municipalities", "story"} for person in answer["staff"])


def test_an_unknown_address(client: httpx.Client) -> None:
    for answer in (client.get("/nowhere"), client.post("/nowhere", content=b"<a/>")):
        assert answer.status_code == 404
        assert answer.text.startswith("Nothing lives at /nowhere. Use one of /healthz")


@pytest.mark.parametrize("content", [b"", b"<a", b"<a/>", asking.yi(cpr=METTE)])
def test_what_is_no_request_gets_a_fault(client: httpx.Client, content: bytes) -> None:
    answer = client.post("/sagdokumentindeks/6", content=content, headers=asking.HEADERS["sdi"])
    assert answer.status_code == 500
    assert message(answer.content).findtext("faultcode") == "soapenv:Client"
    assert client.post("/planindeks/1", content=content, headers=asking.XML).status_code == 500


@pytest.mark.parametrize("action", [None, "", '""', '"http://kombit.dk/sts/sagdokumentindeks/importer"', "fremsoeg",
                                    asking.HEADERS["yi"]["SOAPAction"]])  # fmt: skip
def test_another_action_gets_a_fault(client: httpx.Client, action: str | None) -> None:
    headers = {**asking.XML, **({} if action is None else {"SOAPAction": action})}
    answer = client.post("/sagdokumentindeks/6", content=asking.sdi(cpr=METTE), headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "text/xml; charset=utf-8")
    found = message(answer.content)
    assert found.findtext("faultcode") == "soapenv:Client"
    assert "Send SOAPAction: http://kombit.dk/sts/sagdokumentindeks/fremsoeg" in (found.findtext("faultstring") or "")


def test_an_action_needs_no_quotes(client: httpx.Client) -> None:
    headers = {**asking.XML, "SOAPAction": "http://kombit.dk/sts/ydelseindeks/fremsoeg"}
    answer = client.post("/ydelseindeks/6", content=asking.yi(cpr=METTE), headers=headers)
    assert status(checked(Source.YI, answer.content)) == "20"


@pytest.mark.parametrize("kind", [None, "application/json", "application/soap+xml; charset=utf-8",
                                  "text/xml; charset=iso-8859-1"])  # fmt: skip
@pytest.mark.parametrize("source", ["sdi", "yi", "plan"])
def test_what_does_not_say_it_is_xml_is_not_read(client: httpx.Client, source: str, kind: str | None) -> None:
    headers = {name: value for name, value in asking.HEADERS[source].items() if name != "Content-Type"}
    if kind is not None:
        headers["Content-Type"] = kind
    answer = client.post(ADDRESSES[source], content=REQUESTS[source], headers=headers)
    assert answer.status_code == 415
    assert answer.text.endswith("Send text/xml; charset=utf-8.")


@pytest.mark.parametrize("kind", ["text/xml", 'Text/XML; charset="UTF-8"'])
def test_xml_may_be_said_in_other_ways(client: httpx.Client, kind: str) -> None:
    answer = client.post("/planindeks/1", content=REQUESTS["plan"], headers={"Content-Type": kind})
    assert answer.status_code == 200


def test_a_refused_request_is_an_answer(client: httpx.Client) -> None:
    answer = client.post("/sagdokumentindeks/6", content=asking.sdi(), headers=asking.HEADERS["sdi"])
    assert (answer.status_code, status(checked(Source.SDI, answer.content))) == (200, "40")


def test_a_request_that_is_too_large(client: httpx.Client) -> None:
    answer = client.post("/sagdokumentindeks/6", content=b" " * (LARGEST_REQUEST + 1))
    assert answer.status_code == 413


def test_a_request_without_length(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=5) as raw:
        raw.sendall(b"POST /sagdokumentindeks/6 HTTP/1.1\r\nHost: here\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 411 ")


def test_one_connection_for_many_requests(server: Server) -> None:
    body = asking.plan(cpr=METTE)
    head = (
        f"POST /planindeks/1 HTTP/1.1\r\nHost: here\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=5) as raw, raw.makefile("rb") as answers:
        for _ in range(3):
            raw.sendall(head + body)
            assert answers.readline().startswith(b"HTTP/1.1 200 ")
            length = 0
            while (line := answers.readline()) != b"\r\n":
                name, _, value = line.partition(b":")
                length = int(value) if name == b"Content-Length" else length
            assert len(answers.read(length)) == length > 1000
