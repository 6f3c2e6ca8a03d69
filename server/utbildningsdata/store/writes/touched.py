"""What an update touches, as far as its tokens tell: operations, graphs, the default graph.

Nothing is evaluated here. A text whose tokens are not those of an update is not ``readable``: it
is left to the engine, which says what is wrong with it.
The grammar is that of SPARQL 1.1, section 19.8, rules 29 to 57.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from utbildningsdata.store.queries import tokens
from utbildningsdata.store.writes.patterns import Block, Lost, Walk

_PROLOGUE = {"BASE": 1, "PREFIX": 2, "VERSION": 1}  # how many tokens follow
_COPIES = frozenset({"ADD", "MOVE", "COPY"})
_CLEARS = frozenset({"CLEAR", "DROP"})
_MODIFIES = frozenset({"WITH", "INSERT", "DELETE"})


@dataclass(slots=True)
class Operation:
    """One operation of an update; places are offsets in the text.

    ``graphs`` are the tokens that name graphs that it can change (``<urn:g>``, ``ex:g``), and
    ``variables`` those whose values do; ``everything`` tells that it may change any graph.
    ``writes_default`` and ``reads_default`` are where it first changes and reads the default graph
    of the store, None where it does not: a WHERE with WITH or USING reads other graphs.
    ``dataset`` is where WITH or USING stands; ``within`` is the graph of WITH, ``sources`` are the
    clauses with USING, with FROM in its place. ``where`` is where such clauses belong: before
    WHERE; ``pattern`` is the place of the pattern after it, and ``implied`` tells whether that is
    the template as well (DELETE WHERE). ``literals`` are those that it can insert, as written.
    ``data`` tells whether it is a block of data, which is long without being hard.
    """

    start: int
    end: int = 0
    graphs: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    everything: bool = False
    writes_default: int | None = None
    reads_default: int | None = None
    dataset: int | None = None
    within: str = ""
    sources: list[str] = field(default_factory=list)
    where: int | None = None
    pattern: tuple[int, int] | None = None
    implied: bool = False
    literals: list[str] = field(default_factory=list)
    data: bool = False


@dataclass(frozen=True, slots=True)
class Touched:
    """What an update touches.

    ``declarations`` are the places of what the prologues declare: each holds for the operations
    that come after it. ``readable`` is false where the tokens are not those of an update.
    """

    operations: tuple[Operation, ...]
    declarations: tuple[tuple[int, int], ...]
    readable: bool


def read(text: str) -> Touched:
    """Read what the update ``text`` touches; takes time in proportion to its length."""
    return _Updates(list(tokens.scan(text))).read()


class _Updates(Walk):
    """Walks over a whole update."""

    def read(self) -> Touched:
        operations: list[Operation] = []
        declarations: list[tuple[int, int]] = []
        try:
            while True:
                declarations += self._prologue()
                if not self.next:
                    return Touched(tuple(operations), tuple(declarations), readable=True)
                operations.append(self._operation())
                if self.next:
                    self.expect(";")
        except Lost:
            return Touched(tuple(operations), tuple(declarations), readable=False)

    def _prologue(self) -> list[tuple[int, int]]:
        found = []
        while self.next in _PROLOGUE:
            count = _PROLOGUE[self.next]
            first = self.take()
            last = [self.take() for _ in range(count)][-1]
            found.append((first.start, last.end))
        return found

    def _operation(self) -> Operation:
        word = self.next
        first = self.take()
        operation = Operation(first.start)
        if word == "LOAD":
            self._load(operation)
        elif word == "CREATE":
            self.skip("SILENT")
            self.expect("GRAPH")
            operation.graphs.append(self.name())
        elif word in _CLEARS:
            self._clear(operation)
        elif word in _COPIES:
            self._copy(operation, moves=word == "MOVE")
        elif word in _MODIFIES:
            self._modify(operation, word)
        else:
            raise Lost
        operation.end = self.end
        return operation

    def _load(self, operation: Operation) -> None:
        self.skip("SILENT")
        self.name()
        if self.skip("INTO"):
            self.expect("GRAPH")
            operation.graphs.append(self.name())
        else:
            operation.writes_default = operation.start

    def _clear(self, operation: Operation) -> None:
        self.skip("SILENT")
        if self.skip("GRAPH"):
            operation.graphs.append(self.name())
        elif self.next == "DEFAULT":
            operation.writes_default = self.take().start
        else:
            self.expect("NAMED", "ALL")
            operation.everything = True

    def _copy(self, operation: Operation, *, moves: bool) -> None:
        self.skip("SILENT")
        source = self._graph_or_default(operation)
        self.expect("TO")
        target = self._graph_or_default(operation)
        operation.reads_default = source
        operation.writes_default = source if moves and source is not None else target

    def _graph_or_default(self, operation: Operation) -> int | None:
        if self.next == "DEFAULT":
            return self.take().start
        self.skip("GRAPH")
        operation.graphs.append(self.name())
        return None

    def _modify(self, operation: Operation, word: str) -> None:
        if word in {"INSERT", "DELETE"} and self.skip("DATA"):
            operation.data = True
            block = self.block()
            _write(operation, block, covered=False)
            if word == "INSERT":
                operation.literals += block.literals
            return
        if word == "DELETE" and self.next == "WHERE":
            self._delete_where(operation)
            return
        named = word == "WITH"
        if named:
            operation.dataset = operation.start
            operation.within = self.name()
            operation.graphs.append(operation.within)
            word = self.expect("INSERT", "DELETE").text.upper()
        self._templates(operation, word, covered=named)
        self._where(operation, covered=named)

    def _delete_where(self, operation: Operation) -> None:
        operation.where = self.take().start
        block = self.block()
        operation.pattern, operation.implied = (block.start, block.end), True
        operation.reads_default = block.outside
        _write(operation, block, covered=False)

    def _templates(self, operation: Operation, word: str, *, covered: bool) -> None:
        """Read ``{…}`` after DELETE or INSERT, and the INSERT that may follow DELETE."""
        block = self.block()
        _write(operation, block, covered=covered)
        if word == "INSERT":
            operation.literals += block.literals
        elif self.skip("INSERT"):
            self._templates(operation, "INSERT", covered=covered)

    def _where(self, operation: Operation, *, covered: bool) -> None:
        """Read USING and WHERE; where there is USING, WITH does not hold for WHERE (3.1.3)."""
        while self.next == "USING":
            using = self.take()
            operation.dataset = using.start if operation.dataset is None else operation.dataset
            named = self.skip("NAMED")
            operation.sources.append(f"FROM {'NAMED ' * named}{self.name()}")
            covered = not all(source.startswith("FROM NAMED") for source in operation.sources)
        operation.where = self.place
        self.skip("WHERE")
        start = self.place
        found = self.where()
        operation.pattern = (start, self.end)
        operation.literals += found.literals
        operation.reads_default = None if covered else found.outside


def _write(operation: Operation, block: Block, *, covered: bool) -> None:
    """Note what a template or data changes; ``covered`` tells whether WITH names its graph."""
    operation.graphs += block.graphs
    operation.variables += block.variables
    if not covered and operation.writes_default is None:
        operation.writes_default = block.outside
