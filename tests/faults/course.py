"""The course of what goes wrong: every fault that there is, in an order and at moments that a seed decides."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from indexes.mock.answers import Source
from indexes.mock.troubles import Trouble
from tests.faults.programs import Process
from tests.faults.servers import Servers
from tests.ops.mock_indexes import MockIndexes

KILLS: Final = 20
PATIENCE: Final = 60.0  # seconds until some worker has something in hand

_BUSY: Final = """
SELECT DISTINCT application_name FROM pg_stat_activity AS session JOIN indexes_portion ON pid = taken_by
WHERE NOT done AND session.backend_start <= taken_at
"""

Fault = Callable[[], None]


@dataclass(kw_only=True)
class Course:
    """All faults once or several times. ``met`` says how often each has been brought about."""

    servers: Servers
    workers: Sequence[Process]
    consumer: Process
    mock: MockIndexes
    chance: random.Random
    tell: Callable[[str], None]
    met: Counter[str] = field(default_factory=Counter)
    _lifted: list[threading.Timer] = field(default_factory=list)

    def run(self) -> None:
        """From the first to the last; every server runs and every index is well when this returns."""
        deck = self._deck()
        self.chance.shuffle(deck)
        with ThreadPoolExecutor(max_workers=1) as aside:  # it takes seconds, and the others need not wait for it
            brokers: list[Future[None]] = []
            for name, fault in deck:
                self.tell(name)
                self.met[name] += 1
                if name.endswith("rabbitmq"):
                    brokers.append(aside.submit(fault))
                else:
                    fault()
                time.sleep(self.chance.uniform(0.05, 0.3))
            for broker in brokers:
                broker.result()
        for timer in self._lifted:
            timer.join()
        for source in Source:
            self.mock.put_trouble(source.value, None)

    def _deck(self) -> list[tuple[str, Fault]]:
        servers = self.servers
        faults: list[tuple[str, Fault]] = [("kill a worker", self._kill)] * KILLS
        faults += [(trouble.value, partial(self._trouble, trouble)) for trouble in Trouble for _ in range(2)]
        faults += [
            ("restart PostgreSQL", servers.restart_postgres),
            ("crash PostgreSQL", servers.crash_postgres),
            ("crash PostgreSQL", servers.crash_postgres),
            *[("cut sessions", lambda: servers.cut_database(most=self.chance.randint(1, 6)))] * 5,
            ("restart Valkey", servers.restart_valkey),
            ("lose Valkey", servers.lose_valkey),
            ("cut Valkey", servers.cut_valkey),
            ("restart rabbitmq", servers.restart_rabbitmq),
            ("crash rabbitmq", servers.crash_rabbitmq),
            *[("kill the consumer", self.consumer.kill_and_start)] * 2,
            ("end the consumer", self.consumer.end_and_start),
        ]
        return faults

    def _kill(self) -> None:
        """A worker in the middle of a portion."""
        end = time.monotonic() + PATIENCE
        while not (busy := self._busy()):
            assert time.monotonic() < end, f"No worker has had a portion in hand for {PATIENCE:.0f} s: {self.met}"
            time.sleep(0.01)
        self.chance.choice(busy).kill_and_start()

    def _busy(self) -> list[Process]:
        with self.servers.connect() as connection:
            names = {name for (name,) in connection.execute(_BUSY)}
        return [worker for worker in self.workers if worker.name in names]

    def _trouble(self, trouble: Trouble) -> None:
        """One of the indexes for a moment, while other things go wrong."""
        source = self.chance.choice(list(Source)).value
        self.mock.put_trouble(source, trouble.value)
        timer = threading.Timer(self.chance.uniform(0.3, 1.5), self.mock.put_trouble, [source, None])
        timer.start()
        self._lifted.append(timer)
