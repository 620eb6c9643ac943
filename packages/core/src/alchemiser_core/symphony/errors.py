"""What can be wrong with a symphony: the closed union that reading, checking and expanding return.

Every error says where it is: `line:column` in EDN text and in JSON that is not JSON, a JSON path
where the JSON is sound but not a symphony, and the names of the blocks around it in a tree that
was not read from text.
"""

from attrs import frozen

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.suggestion import nearest


def shown(text: object, most: int = 40) -> str:
    """A quoted text of a bounded length, safe to print."""
    words = ascii(str(text)[: most + 1]) if not str(text).isprintable() else repr(str(text))
    return words if len(words) <= most + 2 else words[: most + 1] + "…" + words[0]


def _listed(names: tuple[str, ...], most: int = 40) -> str:
    if not names:
        return "there are none"
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _nearest(name: str, known: tuple[str, ...]) -> str:
    # bounded: names in hostile text are as long and as many as the limits let them be
    guess = nearest(name[:60], known[:2000])
    return f"did you mean {guess!r}?" if guess else ""


@frozen
class UnreadableText:
    """The text is not EDN or JSON at this place."""

    what: str
    where: str
    hint: str = ""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: what stands there."""
        return (Problem(code="unreadable-text", what=self.what, where=self.where, hint=self.hint),)


@frozen
class UnknownOperator:
    """A list, step or function whose name the notation does not have."""

    name: str
    where: str
    known: tuple[str, ...]

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the name, the nearest known one and all of them."""
        return (
            Problem(
                code="unknown-operator",
                what=f"unknown operator {shown(self.name)}",
                where=self.where,
                why=f"the notation has {_listed(self.known)}",
                hint=_nearest(self.name, self.known),
            ),
        )


@frozen
class MalformedBlock:
    """An operator that is known, with arguments it does not take."""

    what: str
    where: str
    why: str = ""
    hint: str = ""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which argument, and what is expected."""
        return (Problem("malformed-block", self.what, self.where, self.why, self.hint),)


@frozen
class WrongNumber:
    """A window, count, share, constant or threshold outside what it may be."""

    what: str
    where: str
    why: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the number and its bounds."""
        return (Problem("wrong-number", self.what, self.where, self.why),)


@frozen
class EmptyBlock:
    """A block that splits its weight over nothing."""

    block: str
    where: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which block."""
        return (
            Problem(
                code="empty-block",
                what=f"{self.block} has no blocks in it",
                where=self.where,
                why="only a branch of an if may be empty (its weight is then cash)",
                hint="put a block in it or take it out",
            ),
        )


@frozen
class LimitExceeded:
    """The symphony is larger than the limits allow."""

    limit: str
    allowed: int
    where: str = ""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which limit."""
        return (
            Problem(
                code="limit-exceeded",
                what=f"the symphony has more than {self.allowed:,} {self.limit}",
                where=self.where,
                why="limits protect against hostile input",
                hint="raise the limit if the file is trusted",
            ),
        )


@frozen
class UnknownParameter:
    """A name that no parameter, or no argument of a definition, has."""

    name: str
    known: tuple[str, ...]
    where: str = ""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the name and those there are."""
        return (
            Problem(
                code="unknown-parameter",
                what=f"there is no parameter {shown(self.name)} here",
                where=self.where,
                why=f"parameters: {_listed(self.known)}",
                hint=_nearest(self.name, self.known),
            ),
        )


@frozen
class WrongParameterValue:
    """A parameter whose value cannot stand where it is used."""

    name: str
    found: str
    needed: str
    where: str = ""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: what it is and what is needed."""
        return (
            Problem(
                code="wrong-parameter-value",
                what=f"parameter {shown(self.name)} is {self.found}, but {self.needed} is needed",
                where=self.where,
                hint="a nil parameter can only be tested by an `if`, which it drops"
                if self.found == "nil"
                else "",
            ),
        )


@frozen
class UnknownDefinition:
    """`use` of a definition that is not there."""

    name: str
    known: tuple[str, ...]
    where: str = ""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the name and those there are."""
        return (
            Problem(
                code="unknown-definition",
                what=f"there is no definition {shown(self.name)}",
                where=self.where,
                why=f"definitions: {_listed(self.known)}",
                hint=_nearest(self.name, self.known),
            ),
        )


@frozen
class RecursiveDefinition:
    """A definition or parameter that contains itself."""

    chain: tuple[str, ...]
    where: str = ""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the way back to itself."""
        return (
            Problem(
                code="recursive-definition",
                what=f"{self.chain[-1]} contains itself",
                where=self.where,
                why=" → ".join(self.chain[-12:]),
            ),
        )


@frozen
class CannotHold:
    """Something that the notation asked for has no way to write."""

    form: str
    what: str
    where: str = ""
    hint: str = ""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: what cannot be written."""
        return (
            Problem(
                code="form-cannot-hold",
                what=f"the {self.form} form cannot hold {self.what}",
                where=self.where,
                hint=self.hint,
            ),
        )


SymphonyError = (
    UnreadableText
    | UnknownOperator
    | MalformedBlock
    | WrongNumber
    | EmptyBlock
    | LimitExceeded
    | UnknownParameter
    | WrongParameterValue
    | UnknownDefinition
    | RecursiveDefinition
    | CannotHold
)


@frozen
class SymphonyErrors:
    """Everything found wrong with a symphony, in the order of the text."""

    found: tuple[SymphonyError, ...]

    def problems(self) -> tuple[Problem, ...]:
        """All of it, never only the first."""
        return tuple(problem for error in self.found for problem in error.problems())
