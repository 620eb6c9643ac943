"""Why the paper account is not opened, not written or not traded, with codes that stay the same."""

from attrs import frozen

from alchemiser_core.domain.problem import Problem


@frozen
class PaperRefused:
    """The paper account refuses, with everything that stands in the way."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """What was found."""
        return self.found


def refused(code: str, what: str, where: str = "", why: str = "", hint: str = "") -> PaperRefused:
    """A refusal with one problem."""
    return PaperRefused((Problem(code, what, where, why, hint),))


def missing(where: str) -> PaperRefused:
    """There is no account file."""
    return refused(
        "paper-missing",
        "there is no paper account",
        where,
        "",
        "make one with `alchemiser paper reset --cash 100000`, or by the first `alchemiser trade`",
    )


def corrupt(where: str, why: str) -> PaperRefused:
    """The file does not hold."""
    return refused(
        "paper-corrupt",
        "the paper account is damaged",
        where,
        why,
        "put a backup in its place; or `alchemiser paper reset` puts it aside and starts anew",
    )


def foreign(where: str, why: str) -> PaperRefused:
    """The file is something else."""
    hint = "give another file in broker.settings.file"
    return refused("paper-foreign", "the file is no paper account", where, why, hint)


def locked(where: str) -> PaperRefused:
    """Somebody else trades the account."""
    return refused(
        "paper-locked",
        "the paper account is in use by another process",
        where,
        "one process at a time trades it",
        "wait until the other one ends",
    )


def unwritable(where: str, why: str) -> PaperRefused:
    """The file or its folder cannot be read or written."""
    hint = "check the disk, and the permissions of the file and its folder"
    what = "the paper account cannot be read or written"
    return refused("paper-unavailable", what, where, why, hint)
