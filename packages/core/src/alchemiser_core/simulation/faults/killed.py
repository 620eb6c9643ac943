"""A process that is killed: an exception that nothing but the harness catches."""


class ProcessKilled(BaseException):
    """What a kill looks like in process: not even `except Exception` stops it.

    Whatever had not happened by then never happens. `finally` blocks do run, as they would not in a
    process that is really killed; the sweep with a child process has those.
    """
