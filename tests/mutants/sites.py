# SPDX-License-Identifier: Apache-2.0
"""Every place of a source file where a mutant can be made, found in the syntax tree of libclang.

A site is a stretch of bytes with what may stand there instead. Four kinds: an operator becomes another, a comparison
another, a constant another, a statement nothing. What a macro of another file expands to is left alone; a named constant
becomes itself and one, an enumerator another of its enumeration.
"""
import bisect
from dataclasses import dataclass

from clang.cindex import Config, CursorKind as K, Index, TokenKind, TranslationUnit

KINDS = ("operator", "comparison", "constant", "deleted")

ARITHMETIC = {
    "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["/"], "<<": [">>"], ">>": ["<<"],
    "&": ["|"], "|": ["&"], "^": ["|"], "&&": ["||"], "||": ["&&"],
    "+=": ["-=", "="], "-=": ["+=", "="], "|=": ["&=", "="], "&=": ["|=", "="], "^=": ["="], "*=": ["="],
    ">>=": ["<<="], "<<=": [">>="],
}
COMPARISONS = {
    "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"], "==": ["!=", "<="], "!=": ["==", ">"],
}
UNARY = {"!": [""], "~": [""], "-": [""], "++": ["--"], "--": ["++"]}
STATEMENTS = {K.BINARY_OPERATOR, K.COMPOUND_ASSIGNMENT_OPERATOR, K.UNARY_OPERATOR, K.CALL_EXPR, K.CSTYLE_CAST_EXPR}
BODIES = {K.COMPOUND_STMT, K.CASE_STMT, K.DEFAULT_STMT}


@dataclass(frozen=True)
class Change:
    """One mutant of a file: bytes [start, end) become `after`."""

    file: str
    line: int
    kind: str
    start: int
    end: int
    before: str
    after: str


class Reader:
    """Walks one file."""

    def __init__(self, path, name, flags):
        with open(path, "rb") as f:
            self.bytes = f.read()
        self.name = name
        options = TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
        self.unit = Index.create().parse(path, args=["-x", "c", *flags], options=options)
        errors = [str(d) for d in self.unit.diagnostics if d.severity >= 3]
        if errors:
            raise SystemExit(f"{name}: {errors[0]}")
        self.path = path
        tokens = list(self.unit.get_tokens(extent=self.unit.cursor.extent))
        self.tokens = {t.extent.start.offset: t for t in tokens}
        self.offsets = sorted(self.tokens)
        self.found = {}

    def add(self, kind, start, end, after):
        before = self.bytes[start:end].decode()
        for text in after:
            if text != before:
                line = self.bytes.count(b"\n", 0, start) + 1
                change = Change(self.name, line, kind, start, end, before, text)
                self.found[(start, end, text)] = change

    def token_between(self, start, end, wanted):
        """The one token in [start, end) that is one of `wanted`."""
        i = bisect.bisect_left(self.offsets, start)
        hits = []
        while i < len(self.offsets) and self.offsets[i] < end:
            if self.tokens[self.offsets[i]].spelling in wanted:
                hits.append(self.offsets[i])
            i += 1
        return hits[0] if len(hits) == 1 else None

    def is_here(self, cursor):
        file = cursor.location.file
        return file is not None and file.name == self.path

    # ---- kinds of site ---------------------------------------------------------------------------------------------

    def binary(self, cursor):
        left, right = list(cursor.get_children())[:2]
        for kind, table in (("operator", ARITHMETIC), ("comparison", COMPARISONS)):
            at = self.token_between(left.extent.end.offset, right.extent.start.offset, table)
            if at is not None:
                before = self.tokens[at].spelling
                self.add(kind, at, at + len(before), table[before])

    def unary(self, cursor):
        start, end = cursor.extent.start.offset, cursor.extent.end.offset
        for at in (start, end - 2):
            token = self.tokens.get(at)
            if token is not None and token.spelling in UNARY:
                self.add("operator", at, at + len(token.spelling), UNARY[token.spelling])
                return

    def ternary(self, cursor):
        parts = list(cursor.get_children())
        if len(parts) == 3:
            a, b = (self.text(p) for p in parts[1:])
            start, end = parts[1].extent.start.offset, parts[2].extent.end.offset
            middle = self.bytes[parts[1].extent.end.offset:parts[2].extent.start.offset].decode()
            if a and b:
                self.add("operator", start, end, [f"({b}){middle}({a})"])

    def text(self, cursor):
        return self.bytes[cursor.extent.start.offset:cursor.extent.end.offset].decode()

    def number(self, start, spelling):
        digits = spelling.rstrip("uUlL")
        suffix = spelling[len(digits):]
        try:
            value = int(digits, 0)
        except ValueError:
            return
        others = {value + 1, max(value - 1, 0), 0} - {value}
        show = (lambda v: f"0x{v:X}{suffix}") if digits[:2].lower() == "0x" else (lambda v: f"{v}{suffix}")
        self.add("constant", start, start + len(spelling), [show(v) for v in sorted(others)])

    def literal(self, cursor):
        start = cursor.extent.start.offset
        token = self.tokens.get(start)
        if token is None:
            return
        if token.kind == TokenKind.LITERAL:
            self.number(start, token.spelling)
        elif token.spelling in ("true", "false"):
            self.add("constant", start, start + len(token.spelling), ["false" if token.spelling == "true" else "true"])
        elif token.spelling in ("UINT64_C", "INT64_C", "UINT32_C"):
            inner = self.offsets[bisect.bisect_left(self.offsets, start) + 2]
            self.number(inner, self.tokens[inner].spelling)
        elif token.kind == TokenKind.IDENTIFIER:
            self.add("constant", start, start + len(token.spelling), [f"({token.spelling} + 1u)"])

    def enumerator(self, cursor):
        start = cursor.extent.start.offset
        token = self.tokens.get(start)
        if token is None or cursor.referenced is None:
            return
        others = [c.spelling for c in cursor.referenced.semantic_parent.get_children() if c.spelling != cursor.spelling]
        at = [c.spelling for c in cursor.referenced.semantic_parent.get_children()].index(cursor.spelling)
        near = others[max(0, at - 2):at + 2]
        self.add("constant", start, start + len(token.spelling), near)

    def statement(self, cursor):
        start, end = cursor.extent.start.offset, cursor.extent.end.offset
        if cursor.kind == K.IF_STMT:
            if len(list(cursor.get_children())) == 2:
                self.add("deleted", start, end, [";"])
            return
        if cursor.kind in (K.BREAK_STMT, K.CONTINUE_STMT) or cursor.kind in STATEMENTS:
            self.add("deleted", start, end, [""])

    def macro(self, cursor):
        start, end = cursor.extent.start.offset, cursor.extent.end.offset
        i = bisect.bisect_left(self.offsets, start) + 1
        while i < len(self.offsets) and self.offsets[i] < end:
            token = self.tokens[self.offsets[i]]
            if token.kind == TokenKind.LITERAL:
                self.number(self.offsets[i], token.spelling)
            i += 1

    # ---- the walk --------------------------------------------------------------------------------------------------

    VISITS = {
        K.BINARY_OPERATOR: binary, K.COMPOUND_ASSIGNMENT_OPERATOR: binary, K.UNARY_OPERATOR: unary,
        K.CONDITIONAL_OPERATOR: ternary, K.INTEGER_LITERAL: literal,
    }

    def visit(self, cursor, parent):
        if cursor.kind == K.MACRO_DEFINITION:
            if self.is_here(cursor):
                self.macro(cursor)
            return
        if cursor.kind == K.STATIC_ASSERT:
            return
        if self.is_here(cursor):
            if cursor.kind in self.VISITS:
                self.VISITS[cursor.kind](self, cursor)
            elif cursor.kind == K.DECL_REF_EXPR and cursor.referenced is not None \
                    and cursor.referenced.kind == K.ENUM_CONSTANT_DECL:
                self.enumerator(cursor)
            if parent is not None and parent.kind in BODIES:
                self.statement(cursor)
        for child in cursor.get_children():
            self.visit(child, cursor)

    def changes(self):
        for cursor in self.unit.cursor.get_children():
            if cursor.location.file is not None and cursor.location.file.name == self.path:
                self.visit(cursor, None)
        return [self.found[key] for key in sorted(self.found)]


def changes(path, name, flags):
    """All mutants of the file at `path`, in order; `name` is what they call it."""
    return Reader(path, name, flags).changes()
