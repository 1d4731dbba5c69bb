"""The demo's runner with other commands: no Django, no indexes, only programs that behave as a test wants them to.

    python -m tests.ops.stub_demo ROOT PORT [KIND]

KIND: ``plain``; ``slow-step``, a step that takes a minute; ``failing-step``; ``dying-web``, whose pages soon end;
``no-people``, whose mock indexes know nobody; ``telling``, whose step says what the environment holds.
"""

import sys
from pathlib import Path

from portal.demo.commands import Commands, Service, Step
from portal.demo.runner import run_demo

STUB = (sys.executable, str(Path(__file__).with_name("stub_service.py")))
SLEEP = "import time; print('a step has begun', flush=True); time.sleep({})"
STEPS = {
    "slow-step": (sys.executable, "-c", SLEEP.replace("{}", "60")),
    "telling": (sys.executable, "-c", "import os; print(sorted(os.environ.items()))"),
    "failing-step": (sys.executable, "-c", "raise SystemExit('The stub step says why.')"),
}


def stub_commands(kind: str) -> Commands:
    web = (*STUB, "{port}", "0.5") if kind == "dying-web" else (*STUB, "{port}")
    mock = (*STUB, "{mock_port}", "60", "no-people") if kind == "no-people" else (*STUB, "{mock_port}")
    return Commands(
        mock=Service(name="mock", command=mock, ready="/healthz"),
        provider=Service(name="provider", command=(*STUB, "{provider_port}"), ready="/healthz"),
        steps=(
            Step(
                doing="Doing the stub's step …",
                failing="The stub's step failed",
                command=STEPS.get(kind, (sys.executable, "-c", "")),
            ),
        ),
        web=Service(name="web", command=web, ready="/healthz"),
        sync=Step(
            doing="Reading …",
            failing="Nothing could be read",
            command=(sys.executable, "-c", "import sys; print('Read with', sys.argv[1:], flush=True)"),
            shown=True,
            embedded=("--confirm",),
        ),
        worker=Service(name="worker", command=(sys.executable, "-c", SLEEP.replace("{}", "600"))),
        consumer=(sys.executable, "-c", "print('demo-consumer not-a-secret')"),
    )


if __name__ == "__main__":
    kind = sys.argv[3] if len(sys.argv) > 3 else "plain"
    sys.exit(run_demo(stub_commands(kind), root=Path(sys.argv[1]), port=int(sys.argv[2])))
