import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis

from portal.embedded.clean import clean
from portal.embedded.errors import EmbeddedError, remedy
from portal.embedded.home import Lock
from portal.embedded.postgres import EmbeddedPostgres
from portal.embedded.valkey import EmbeddedValkey

ROOT = Path(__file__).resolve().parents[2]
START_AND_SLEEP = """
import sys, time
from pathlib import Path
from portal.embedded.postgres import EmbeddedPostgres
EmbeddedPostgres(Path(sys.argv[1]), durable=False).start()
print("started", flush=True)
time.sleep(600)
"""


def eventually(holds: Callable[[], bool], *, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return held


def setting(postgres: EmbeddedPostgres, name: str) -> str:
    with psycopg.connect(postgres.url) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def cluster(data: Path) -> Path:
    return data / "postgres" / "cluster"


def postmaster(data: Path) -> int:
    return int((cluster(data) / "postmaster.pid").read_text().splitlines()[0])


def test_postgres_keeps_its_data_and_opens_no_port(data: Path) -> None:
    with EmbeddedPostgres(data / "postgres") as postgres:
        with psycopg.connect(postgres.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
            superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        assert superuser == (False,), "row-level security would not hold for a superuser"
        expected = {"fsync": "on", "TimeZone": "UTC", "listen_addresses": "", "server_encoding": "UTF8"}
        assert {name: setting(postgres, name) for name in expected} == expected
    with EmbeddedPostgres(data / "postgres") as again, psycopg.connect(again.url) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_statements_and_rows_stay_out_of_the_log(data: Path) -> None:
    with EmbeddedPostgres(data / "postgres", durable=False) as postgres:
        with psycopg.connect(postgres.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE person (cpr text PRIMARY KEY)")
            connection.execute("INSERT INTO person VALUES ('7113450000')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO person VALUES ('7113450000')")
        assert "7113450000" not in postgres.log.read_text()


def test_a_running_server_is_reused_and_only_its_starter_ends_it(data: Path) -> None:
    with EmbeddedPostgres(data / "postgres", durable=False) as first:
        with EmbeddedPostgres(data / "postgres", durable=False) as second:
            assert second.url == first.url
            assert not second.running()
        assert setting(first, "TimeZone") == "UTC"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(first.url)


def test_starting_and_stopping_twice_equals_once(data: Path) -> None:
    valkey = EmbeddedValkey(data / "valkey")
    valkey.start()
    valkey.start()
    assert valkey.running()
    valkey.stop()
    valkey.stop()
    assert not valkey.running()


def test_a_process_number_left_behind_by_a_crash_is_no_obstacle(data: Path) -> None:
    with EmbeddedPostgres(data / "postgres", durable=False):
        pass
    stranger = os.getpid()  # alive, and not PostgreSQL
    (cluster(data) / "postmaster.pid").write_text(f"{stranger}\n{cluster(data)}\n0\n5432\n\n\n")
    with EmbeddedPostgres(data / "postgres", durable=False) as postgres:
        assert setting(postgres, "TimeZone") == "UTC"


def test_a_killed_server_recovers(data: Path) -> None:
    postgres = EmbeddedPostgres(data / "postgres")
    postgres.start()
    with psycopg.connect(postgres.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    os.kill(postmaster(data), signal.SIGKILL)
    assert eventually(lambda: not postgres.running())
    postgres.stop()
    with EmbeddedPostgres(data / "postgres") as again, psycopg.connect(again.url) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_the_server_ends_with_its_starter_even_when_that_is_killed(data: Path) -> None:
    with subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", START_AND_SLEEP, data / "postgres"], cwd=ROOT, stdout=subprocess.PIPE
    ) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"started\n"
        lock = Lock(data / "postgres.lock")
        assert not lock.acquire(), "the server holds the lock"
        starter.kill()
        assert eventually(lock.acquire), "the lock is free once the last process of the server is gone"
        lock.release()


def test_damaged_data_are_one_sentence(data: Path) -> None:
    with EmbeddedPostgres(data / "postgres", durable=False):
        pass
    (cluster(data) / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedError, match=r"did not start: .*pg_control.* run `make clean-data`") as told:
        EmbeddedPostgres(data / "postgres", durable=False).start()
    assert "\n" not in str(told.value)


def test_data_of_another_version_are_one_sentence(data: Path) -> None:
    with EmbeddedPostgres(data / "postgres", durable=False):
        pass
    for content, whose in [
        (b"17\n", "PostgreSQL 17"),
        (b"", "an unknown version of"),
        (b"\xff", "an unknown version of"),
    ]:
        (cluster(data) / "PG_VERSION").write_bytes(content)
        with pytest.raises(EmbeddedError, match=f"are of {whose}.*, and this project runs 18.* `make clean-data`"):
            EmbeddedPostgres(data / "postgres", durable=False).start()


def test_an_interrupted_first_start_is_begun_again(data: Path) -> None:
    half = data / "postgres" / "cluster.half"
    with EmbeddedPostgres(data / "postgres", durable=False) as postgres:
        home = postgres.home.folder
    cluster(data).rename(half)
    (half / "PG_VERSION").unlink()
    with EmbeddedPostgres(data / "postgres", durable=False) as postgres:
        assert setting(postgres, "TimeZone") == "UTC"
    assert sorted(path.name for path in home.glob("cluster*")) == ["cluster"]


def test_a_data_folder_that_is_a_file_is_one_sentence(data: Path) -> None:
    (data / "postgres").write_text("not a folder")
    with pytest.raises(EmbeddedError, match=r"cannot be used|made by another account"):
        EmbeddedPostgres(data / "postgres").start()
    (data / "postgres").unlink()


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "Make room on the disk"),
        (errno.EACCES, "(chmod -R u+rwX /some/.data)"),
        (errno.EROFS, "in a checkout on one that can be written"),
        (errno.ENOTDIR, "Move /some/.data/logs out of the way"),
    ],
)
def test_advice_fits_what_the_system_refuses(number: int, says: str) -> None:
    assert says in remedy(OSError(number, os.strerror(number), "/some/.data/logs"), Path("/some/.data"))


def test_valkey_answers_on_its_socket_alone(data: Path) -> None:
    with EmbeddedValkey(data / "valkey") as valkey:
        client = redis.Redis.from_url(valkey.client_url)
        assert client.ping()
        assert client.config_get("port") == {"port": "0"}
        client.close()
        assert valkey.url == f"redis+socket://{valkey.socket}"
        assert stat.S_IMODE(valkey.socket.stat().st_mode) == 0o600


def test_cleaning_removes_everything_and_nothing_in_use(data: Path) -> None:
    with EmbeddedValkey(data / "valkey") as valkey:
        home = valkey.home.folder
        with pytest.raises(EmbeddedError, match=r"in use \(valkey is running\)"):
            clean(data)
        demo = Lock(data / "demo.lock")
        demo.acquire()
        with pytest.raises(EmbeddedError, match=r"in use \(demo, valkey are running\)"):
            clean(data)
        demo.release()
    program = [sys.executable, "-m", "portal.embedded.clean", str(data)]
    subprocess.run(program, cwd=ROOT, check=True)  # noqa: S603 - our own
    assert not data.exists()
    assert not home.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's servers stay in the data folder")
def test_roots_servers_run_as_nobody_and_no_folder_is_opened(data: Path) -> None:
    parents = [data, *data.parents]
    before = {folder: folder.stat().st_mode for folder in parents}
    with EmbeddedPostgres(data / "postgres", durable=False) as postgres, EmbeddedValkey(data / "valkey") as valkey:
        after = {folder: folder.stat().st_mode for folder in parents}
        owner = Path(f"/proc/{postmaster(data)}").stat().st_uid
        for server in (postgres, valkey):
            assert server.home.account is not None
            assert server.home.account.uid == owner != 0
            assert server.home.folder.stat().st_uid == owner
            assert stat.S_IMODE(server.home.folder.stat().st_mode) == 0o700
            assert server.data_dir.readlink() == server.home.folder
    assert before == after
