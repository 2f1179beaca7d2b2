"""What a process that parses an untrusted file may take."""

from __future__ import annotations

import resource


def limit_process(memory: int, cpu: int, written: int = 0) -> None:
    """At most `memory` bytes and `cpu` seconds, no core, and no file (or one of at most `written` bytes).

    Never more than the machine's operator allows.
    """
    bounds = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_FSIZE: (written, written),
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_CPU: (cpu, cpu + 1),
    }
    for kind, (soft, hard) in bounds.items():
        ceiling = resource.getrlimit(kind)[1]
        allowed = hard if ceiling == resource.RLIM_INFINITY else min(hard, ceiling)
        resource.setrlimit(kind, (min(soft, allowed), allowed))
