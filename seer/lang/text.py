"""Programs as text, and back: `parse_program(print_program(p))` is p, origins included."""

from __future__ import annotations

from io import StringIO
from typing import Any

from xdsl.context import Context
from xdsl.dialects.builtin import (
    ArrayAttr,
    Builtin,
    BytesAttr,
    DictionaryAttr,
    IntegerAttr,
    IntegerType,
    StringAttr,
)
from xdsl.ir import Attribute, Operation, Region, SSAValue
from xdsl.ir import Block as XdslBlock
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import ParseError, VerifyException

from seer.errors import InputError, Location
from seer.lang.dialect import (
    EXPRESSIONS,
    SEER,
    ArrayTypeAttr,
    ConstOp,
    ForOp,
    GroupOp,
    IfOp,
    LoadOp,
    LocalOp,
    ProgramOp,
    StoreOp,
    TableOp,
    ValuesAttr,
    WhileOp,
)
from seer.lang.operators import to_signed, to_unsigned
from seer.lang.program import Argument, Origin, Program
from seer.lang.terms import (
    TRUE,
    Array,
    Block,
    Const,
    Expr,
    For,
    Group,
    If,
    Iv,
    Load,
    Local,
    LocalArray,
    Op,
    Param,
    Range,
    Statement,
    Store,
    Table,
    Term,
    TopArray,
    While,
)
from seer.lang.text_attributes import (
    I64,
    describe,
    described_object,
    numbers,
    origin_attributes,
    read_numbers,
    read_origin,
    read_string,
)
from seer.lang.traverse import expressions, statements, subexpressions

__all__ = ["parse_program", "print_program"]

_OPERATORS = {operation.name: operator for operator, operation in EXPRESSIONS.items()}


def print_program(program: Program) -> str:
    """The textual form of a program; a sub-expression shared within a statement is written once."""
    operation = _Writer(program).program()
    operation.verify()
    text = StringIO()
    Printer(stream=text).print_op(operation)
    return text.getvalue() + "\n"


def parse_program(text: str, file: str = "<text>") -> Program:
    """The program that `text` spells. Raises InputError where it is not one; `file` names it there."""
    context = Context()
    context.load_dialect(Builtin)
    context.load_dialect(SEER)
    try:
        operation = Parser(context, text, file).parse_op()
        operation.verify()
    except ParseError as error:
        before = text[: error.span.start]
        place = Location(file, before.count("\n") + 1, error.span.start - (before.rfind("\n") + 1) + 1)
        raise InputError(error.msg, place) from error
    except VerifyException as error:
        raise InputError(f"not a well-formed program: {error}", Location(file, 1, 1)) from error
    if not isinstance(operation, ProgramOp):
        raise InputError(f"expected seer.program, found {operation.name}", Location(file, 1, 1))
    return _Reader(file).program(operation)


class _Writer:
    """Builds the operations of one program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._bound: dict[Term, SSAValue] = {}

    def program(self) -> ProgramOp:
        terms = [argument.term for argument in self._program.arguments]
        block = XdslBlock(arg_types=[_type(term) for term in terms])
        for argument, value in zip(self._program.arguments, block.args, strict=True):
            self._bound[argument.term] = value
            value.name_hint = _hint(argument.name)
        for table in self._tables():
            block.add_op(self._table(table))
        self._block(self._program.body, block)
        described = ArrayAttr([describe(argument) for argument in self._program.arguments])
        properties: dict[str, Attribute] = {
            "sym_name": StringAttr(self._program.name),
            "arguments": described,
        }
        if self._program.declarations:
            properties["declarations"] = StringAttr(self._program.declarations)
        return ProgramOp.create(properties=properties, regions=[Region(block)])

    def _tables(self) -> list[Table]:
        """The tables that are read, in order, then those that have an origin only."""
        read = (
            node.array
            for statement in statements(self._program.body)
            for node in subexpressions(*expressions(statement))
            if isinstance(node, Load)
        )
        found = dict.fromkeys((*read, *self._program.origins))
        return [table for table in found if isinstance(table, Table)]

    def _table(self, table: Table) -> TableOp:
        operation = TableOp.build(
            properties={"elements": ValuesAttr.of(table)}, result_types=[ArrayTypeAttr.of(table.type)]
        )
        origin = self._program.origins.get(table)
        operation.result.name_hint = _hint(origin.names[0]) if origin and origin.names else "table"
        operation.attributes.update(origin_attributes(origin))
        self._bound[table] = operation.result
        return operation

    def _block(self, block: Block, into: XdslBlock) -> None:
        for statement in block:
            into.add_op(self._statement(statement, into))

    def _statement(self, statement: Statement, into: XdslBlock) -> Operation:
        match statement:
            case Store(array, indices, value, when):
                predicate = [] if when is TRUE else [when]
                values = self._expressions([value, *indices, *predicate], into)
                subscripts = [values[i] for i in indices]
                operation: Operation = StoreOp.build(
                    operands=[values[value], self._bound[array], subscripts, [values[p] for p in predicate]]
                )
            case For(iv, lower, upper, body):
                values = self._expressions([lower, upper], into)
                operation = ForOp.build(
                    operands=[values[lower], values[upper]],
                    properties={
                        "step": IntegerAttr(iv.step, I64),
                        "hull": numbers(iv.lower, iv.upper),
                    },
                    regions=[self._scope(statement, iv, body, "i")],
                )
            case While(condition, body):
                values = self._expressions([condition], into)
                operation = WhileOp.build(
                    operands=[values[condition]], regions=[self._scope(statement, None, body, "")]
                )
            case If(condition, then, otherwise):
                values = self._expressions([condition], into)
                chosen = self._scope(statement, None, then, "")
                rest = [self._scope(statement, None, otherwise, "")] if otherwise else []
                operation = IfOp.build(operands=[values[condition]], regions=[chosen, rest])
            case Group(body):
                operation = GroupOp.build(regions=[self._scope(statement, None, body, "")])
            case Local(array, body):
                operation = LocalOp.build(regions=[self._scope(statement, array, body, "t")])
            case _:
                raise TypeError(type(statement).__name__)
        operation.attributes.update(origin_attributes(self._program.origins.get(statement)))
        return operation

    def _scope(self, statement: Statement, bound: Iv | LocalArray | None, body: Block, hint: str) -> Region:
        block = XdslBlock(arg_types=[] if bound is None else [_type(bound)])
        if bound is not None:
            names = self._program.origins.get(statement, Origin()).names
            block.args[0].name_hint = _hint(names[0]) if names else hint
            self._bound[bound] = block.args[0]
        self._block(body, block)
        if bound is not None:
            del self._bound[bound]
        return Region(block)

    def _expressions(self, roots: list[Expr], into: XdslBlock) -> dict[Expr, SSAValue]:
        values: dict[Expr, SSAValue] = {}
        for node in subexpressions(*roots):
            if isinstance(node, (Iv, Param)):
                values[node] = self._bound[node]
                continue
            operation = self._expression(node, values)
            into.add_op(operation)
            values[node] = operation.results[0]
        return values

    def _expression(self, node: Expr, values: dict[Expr, SSAValue]) -> Operation:
        type = IntegerType(node.width)
        match node:
            case Const(bits, value):
                number = IntegerAttr(to_signed(value, bits) if bits > 1 else value, type)
                return ConstOp.build(properties={"value": number}, result_types=[type])
            case Load(array, indices):
                return LoadOp.build(
                    operands=[self._bound[array], [values[i] for i in indices]], result_types=[type]
                )
            case Op(name, _, operands):
                return EXPRESSIONS[name].build(operands=[values[o] for o in operands], result_types=[type])
            case _:
                raise TypeError(node.__class__.__name__)


def _type(term: Array | Param | Iv) -> Attribute:
    return ArrayTypeAttr.of(term.type) if isinstance(term, Array) else IntegerType(term.bits)


def _hint(name: str) -> str | None:
    return name if SSAValue.is_valid_name(name) else None


class _Reader:
    """Builds the terms of one program from its verified operations."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._bound: dict[SSAValue, Any] = {}
        self._origins: dict[Term, Origin] = {}

    def program(self, operation: ProgramOp) -> Program:
        arguments = []
        for described, value in zip(operation.arguments, operation.body.block.args, strict=True):
            arguments.append(self._argument(described, value))
            self._bound[value] = arguments[-1].term
        body = self._block(operation.body.block, 0, 0)
        declarations = "" if operation.declarations is None else read_string(operation.declarations)
        return Program(operation.sym_name.data, tuple(arguments), body, self._origins, declarations)

    def _argument(self, described: DictionaryAttr, value: SSAValue) -> Argument:
        name, c_type, signed = (described.data.get(key) for key in ("name", "c_type", "signed"))
        if not isinstance(name, StringAttr | BytesAttr) or not isinstance(c_type, StringAttr | BytesAttr):
            raise self._error("an argument needs a name and a c_type")
        content = Range(*read_numbers(described.data["range"])) if "range" in described.data else None
        if isinstance(value.type, ArrayTypeAttr):
            term: TopArray | Param = TopArray(value.type.array_type, read_string(name))
        else:
            term = Param(_width(value), read_string(name), content)
        is_signed = signed is None or bool(read_numbers([signed])[0])
        try:
            held_by = described_object(described)
        except ValueError as error:
            raise self._error(str(error)) from error
        return Argument(read_string(name), term, is_signed, read_string(c_type), held_by)

    def _error(self, message: str) -> InputError:
        return InputError(f"not a well-formed program: {message}", Location(self._file, 1, 1))

    def _block(self, block: XdslBlock, iv_level: int, local_level: int) -> Block:
        read: list[Statement] = []
        values: dict[SSAValue, Expr] = {}

        def of(value: SSAValue) -> Any:
            if value in self._bound:
                return self._bound[value]
            if value not in values:
                raise self._error("an expression is used by another statement than the one that follows it")
            return values[value]

        for operation in block.ops:
            operands = [of(operand) for operand in operation.operands]
            match operation:
                case ConstOp():
                    value = to_unsigned(operation.value.value.data, _width(operation.result))
                    values[operation.result] = Const(_width(operation.result), value)
                    continue
                case LoadOp():
                    values[operation.result] = Load(operands[0], tuple(operands[1:]))
                    continue
                case TableOp():
                    table = operation.elements.table(operation.result.type)
                    self._bound[operation.result] = table
                    self._record(table, operation)
                    continue
                case StoreOp():
                    stored, array, *rest = operands
                    when = TRUE if operation.when is None else rest.pop()
                    statement: Statement = Store(array, tuple(rest), stored, when)
                case ForOp():
                    argument = operation.body.block.args[0]
                    lower, upper = read_numbers(operation.hull)
                    iv = Iv(_width(argument), iv_level, lower, upper, operation.step.value.data)
                    self._bound[argument] = iv
                    body = self._block(operation.body.block, iv_level + 1, local_level)
                    statement = For(iv, operands[0], operands[1], body)
                case WhileOp():
                    statement = While(operands[0], self._block(operation.body.block, iv_level, local_level))
                case IfOp():
                    then, otherwise = (
                        () if region is None else self._block(region.block, iv_level, local_level)
                        for region in (operation.then, operation.otherwise)
                    )
                    statement = If(operands[0], then, otherwise)
                case GroupOp():
                    statement = Group(self._block(operation.body.block, iv_level, local_level))
                case LocalOp():
                    argument = operation.body.block.args[0]
                    if not isinstance(argument.type, ArrayTypeAttr):
                        raise self._error("a local scope binds one array")
                    array = LocalArray(argument.type.array_type, local_level)
                    self._bound[argument] = array
                    statement = Local(array, self._block(operation.body.block, iv_level, local_level + 1))
                case _ if operation.name in _OPERATORS:
                    result = operation.results[0]
                    values[result] = Op(_OPERATORS[operation.name], _width(result), tuple(operands))
                    continue
                case _:
                    raise self._error(f"{operation.name} is no part of a program")
            self._record(statement, operation)
            read.append(statement)
            values.clear()
        return tuple(read)

    def _record(self, term: Term, operation: Operation) -> None:
        origin = read_origin(operation.attributes)
        if origin is not None:
            earlier = self._origins.get(term)
            self._origins[term] = origin if earlier is None else earlier.merged(origin)


def _width(value: SSAValue) -> int:
    if not isinstance(value.type, IntegerType):
        raise TypeError(f"{value.type} is no integer type")
    return value.type.width.data
