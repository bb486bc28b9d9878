"""Run a command and print what it took: measure.py IN OUT COMMAND...

Processor seconds, seconds by the clock, MiB at the peak, exit code. A program
of its own, and a small one: what the parent of a process had in memory
counts for the child's peak.
"""

import os
import subprocess
import sys
import time

begin = time.monotonic()
with open(sys.argv[1], "rb") as given, open(sys.argv[2], "wb") as out:
    child = subprocess.Popen(sys.argv[3:], stdin=given, stdout=out,
                             stderr=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
child.returncode = os.waitstatus_to_exitcode(status)
print(used.ru_utime + used.ru_stime, time.monotonic() - begin,
      used.ru_maxrss / 1024, child.returncode)
