"""A command without a network: in a namespace of its own, where only the loopback is up. Linux alone has it.

Source: the manuals unshare(1), network_namespaces(7) and capabilities(7)
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from trueup.errors import ToolError
from trueup.model.noun import NamedTuple
from trueup.tools.process import run

TIMEOUT = 30.0
# Brings the loopback up, lets go of what made that possible, and becomes the command.
ENTER = """
import ctypes, fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as lo:
    fcntl.ioctl(lo, 0x8914, struct.pack("16sh22x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: IFF_UP, IFF_RUNNING
ctypes.CDLL(None).prctl(47, 4, 0, 0, 0)  # PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL
os.execv(sys.argv[1], sys.argv[1:])
"""
# The loopback answers, and nothing else does: without a route, even a datagram cannot leave.
PROBE = """
import socket
with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), 5):
    pass
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as far:
    try:
        far.connect(("192.0.2.1", 9))
    except OSError:
        print("alone")
"""


class Isolation(NamedTuple):
    """The words that go before a command; or the ``reason`` why it cannot be kept from the network."""

    prefix: tuple[str, ...] = ()
    reason: str = ""


def without_network() -> Isolation:
    """How a command is started without a network, after it was tried."""
    if sys.platform != "linux":
        return Isolation(reason="only Linux can take the network from a single program")
    program = shutil.which("unshare")
    if program is None:
        return Isolation(reason="unshare (util-linux) is not on the PATH")
    owner = () if os.geteuid() == 0 else ("--map-current-user", "--keep-caps")
    prefix = (program, *owner, "--net", "--", sys.executable, "-I", "-c", ENTER)
    try:
        done = run([*prefix, sys.executable, "-I", "-c", PROBE], Path("/"), env={}, timeout=TIMEOUT)
    except ToolError as problem:
        return Isolation(reason=problem.message)
    if not done.ok or done.stdout.strip() != "alone":
        return Isolation(reason=f"this machine does not allow it: {done.tail(1) or f'unshare ended with {done.code}'}")
    return Isolation(prefix)
