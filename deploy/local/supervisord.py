"""supervisord, tied to whoever started it: standard input closing (even by kill -9) ends it and all it supervises, in order.

`python -m deploy.local.supervisord CONFIGURATION`.
"""

import os
import signal
import sys
import threading

from supervisor import supervisord


def _end_with_starter() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_starter, daemon=True).start()
    supervisord.main(["--nodaemon", "--configuration", sys.argv[1]])
