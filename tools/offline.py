"""Run a command in a network namespace that has only loopback.

    python tools/offline.py COMMAND [ARGUMENT ...]

Where the system has `unshare` and allows it, the command can reach nothing but
this machine, and so can none of its subprocesses. Elsewhere it runs as it is,
and a line says so.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1


def main() -> None:
    """Enter the namespace, raise loopback, become the command."""
    command = sys.argv[1:]
    if os.environ.get("EDC_OFFLINE") == "1":
        _raise_loopback()
        os.execvp(command[0], command)
    unshare = shutil.which("unshare")
    if unshare and _allowed(unshare):
        print("offline: a network namespace with only loopback", flush=True)
        os.environ["EDC_OFFLINE"] = "1"
        again = [unshare, "-rn", sys.executable, __file__, *command]
        os.execv(unshare, again)
    print("NOT offline: this system has no usable `unshare`", flush=True)
    os.execvp(command[0], command)


def _allowed(unshare: str) -> bool:
    run = subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False)
    return run.returncode == 0


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh", b"lo", 0)
        answer = fcntl.ioctl(control, _SIOCGIFFLAGS, request)
        flags = struct.unpack_from("h", answer, 16)[0] | _IFF_UP
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags))


if __name__ == "__main__":
    main()
