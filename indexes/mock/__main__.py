"""``python -m indexes.mock``: starts the mock indexes and serves until it is told to stop."""

import argparse
import signal
import sys
from collections.abc import Callable
from datetime import date, datetime
from threading import Event

from indexes.mock.answers import Answerer, Source
from indexes.mock.days import COPENHAGEN
from indexes.mock.demo.neighbours import load_neighbours
from indexes.mock.demo.people import DemoPopulation, load_people, load_staff
from indexes.mock.denmark import Denmark
from indexes.mock.events import Happenings
from indexes.mock.server import Indexes, Server
from indexes.mock.synthetic.cpr import CAPACITY
from indexes.mock.synthetic.population import SyntheticPopulation
from indexes.mock.synthetic.rates import load_rates
from indexes.mock.tables import load_tables
from indexes.mock.troubles import Trouble, Troubles


def _trouble(words: str) -> tuple[Source, Trouble]:
    source, _, kind = words.partition("=")
    try:
        return Source(source), Trouble(kind)
    except ValueError as error:
        sources, kinds = ", ".join(Source), ", ".join(Trouble)
        raise argparse.ArgumentTypeError(f"write source=kind with one of {sources} and one of {kinds}") from error


def _whole(low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number from ``low`` to ``high``."""

    def read(words: str) -> int:
        if not words.isascii() or not words.isdigit() or not low <= int(words) <= high:
            raise argparse.ArgumentTypeError(f"{words} is no whole number from {low} to {high}")
        return int(words)

    return read


def arguments_of(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m indexes.mock", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=_whole(0, 65_535), default=8090, help="0 takes a free one")
    parser.add_argument("--municipalities", type=_whole(3, 98), default=98, help="the demo's three first")
    parser.add_argument("--citizens", type=_whole(0, CAPACITY), default=1000, help="synthetic ones, in all")
    parser.add_argument("--seed", type=_whole(0, 2**63), default=1, help="another number makes another Denmark")
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(COPENHAGEN).date(), metavar="DATE")
    parser.add_argument("--trouble", type=_trouble, action="append", default=[], metavar="SOURCE=KIND")
    parser.add_argument("--neighbours", action="store_true", help="so many decided cases that they can be counted")
    parser.add_argument("--events", metavar="URL", help="the broker that is told what happens, as kombu spells it")
    parser.add_argument("--events-queue", default="borgerblik-events", metavar="NAME", help="its queue")
    parser.add_argument("--events-every", type=float, metavar="SECONDS", help="something happens so often by itself")
    parser.add_argument("--describe", action="store_true", help="say how untidy the data are, and end")
    return parser.parse_args(words)


def build(arguments: argparse.Namespace) -> Indexes:
    """The indexes that the arguments describe."""
    tables = load_tables(arguments.municipalities)
    people = load_people(tables, arguments.today)
    synthetic = SyntheticPopulation(
        tables=tables, rates=load_rates(), today=arguments.today, citizens=arguments.citizens, seed=arguments.seed
    )
    neighbours = load_neighbours(tables, arguments.today) if arguments.neighbours else ()
    troubles = Troubles()
    for source, trouble in arguments.trouble:
        troubles.put(source, trouble)
    demo = DemoPopulation([*people, *neighbours])
    denmark = Denmark([demo, synthetic])
    return Indexes(
        answerer=Answerer(denmark=denmark, today=arguments.today),
        happenings=Happenings(demo, denmark.count_anew, arguments.events, arguments.events_queue),
        troubles=troubles,
        people={"citizens": [person.described() for person in people], "staff": load_staff()},
    )


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def main(words: list[str] | None = None) -> int:
    arguments = arguments_of(words)
    if arguments.describe:
        print(load_rates().described())
        return 0
    indexes = build(arguments)
    try:
        server = Server((arguments.host, arguments.port), indexes)
    except OSError as error:
        print(
            f"The mock indexes cannot start: {arguments.host}:{arguments.port} is not free ({error.strerror}). "
            "Choose another --port.",
            file=sys.stderr,
        )
        return 1
    try:
        signal.signal(signal.SIGTERM, _stop)
        with server:
            if arguments.events_every:
                indexes.happenings.go_on(arguments.events_every, Event())
            print(f"The mock indexes are ready on http://{arguments.host}:{server.server_port}/", flush=True)
            server.serve_forever()
    except KeyboardInterrupt:
        print("The mock indexes have stopped.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
