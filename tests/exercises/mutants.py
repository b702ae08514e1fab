"""Wrong answers made by script: a solution with one small mistake in it, of the kinds that people make.

Each mistake is one change in the syntax tree: another operator, comparison, sign, name or number, a term left out,
arguments or operands exchanged, a transpose, a fixed number where a setting belongs.
"""

import ast
import copy
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
OTHER_OPERATORS = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div, ast.Add), ast.Div: (ast.Mult,), ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,),
}  # fmt: skip
OTHER_COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
}  # fmt: skip


@dataclass(frozen=True)
class Solution:
    """The folded solution of an exercise: the notebook's number, the check, its arguments as written, the code."""

    notebook: str
    check: str
    arguments: str
    source: str

    @property
    def name(self):
        return f"{self.notebook} {self.check}"


def solutions():
    """All folded solutions of the notebooks that hold code, each with the check called in the cell before it."""
    found = []
    for path in sorted(NOTEBOOKS.rglob("*.ipynb")):
        call = None
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            text = "".join(cell["source"])
            if cell["cell_type"] == "code":
                call = re.search(r"check\.(\w+)\((.+)\)$", text, re.M) or call
            elif call and "<summary>Solution" in text:
                code = re.search(r"```python\n(.*?)```", text, re.S) or re.search(r"`(\w[\w, ]* = [^`]+)`", text)
                found.append(Solution(path.stem.partition("_")[0], call[1], call[2], code[1].strip()))
    return found


def mutants(source, environment):
    """The sources that differ from `source` in one mistake, each once, in order.

    environment: names that have a value where the check first calls the function (its parameters, and np): what is
    one number there may be fixed to it, or be off by one.
    """
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    for place in range(len(list(ast.walk(tree)))):
        for number in range(1000):
            changed = copy.deepcopy(tree)
            node = list(ast.walk(changed))[place]
            changes = list(mistakes(node, changed, environment))
            if number >= len(changes):
                break
            changes[number]()
            text = ast.unparse(ast.fix_missing_locations(changed))
            if text not in seen and not re.search(r"\b(\w+)\.append\(\1\)", text):  # NumPy chokes on a list in itself
                seen.add(text)
                yield text


def mistakes(node, tree, environment):
    """Functions that each make one mistake at `node` of `tree`."""
    if isinstance(node, ast.BinOp):
        for other in OTHER_OPERATORS.get(type(node.op), ()):
            yield lambda other=other: setattr(node, "op", other())
        if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
            yield lambda: exchange(node, "left", "right")
        yield lambda: become(node, node.left)
        yield lambda: become(node, node.right)
    if isinstance(node, ast.Compare):
        for other in OTHER_COMPARISONS.get(type(node.ops[0]), ()):
            yield lambda other=other: node.ops.__setitem__(0, other())
    if isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
        yield lambda: become(node, node.operand)
    if isinstance(node, ast.IfExp):
        yield lambda: become(node, node.body)
        yield lambda: become(node, node.orelse)
    if isinstance(node, ast.Call):
        for k in range(len(node.args) - 1):
            yield lambda k=k: node.args.insert(k, node.args.pop(k + 1))
        if len(node.args) == 1:  # the function is left out: f(x) becomes x
            yield lambda: become(node, node.args[0])
        if isinstance(node.func, ast.Attribute) and not node.args and not is_module(node.func.value):
            yield lambda: become(node, node.func.value)  # x.copy() becomes x
        for keyword in node.keywords:
            yield lambda keyword=keyword: node.keywords.remove(keyword)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield lambda: become(node, node.value)
    if isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part):
                yield lambda part=part: setattr(node, part, None)
    if isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Load):
        for k in range(len(node.elts) - 1):
            yield lambda k=k: node.elts.insert(k, node.elts.pop(k + 1))
    if isinstance(node, ast.FunctionDef | ast.For):
        for statement in [*node.body]:
            if not isinstance(statement, ast.Return) and len(node.body) > 1:
                yield lambda statement=statement: node.body.remove(statement)
    if isinstance(node, ast.FunctionDef):  # returns inside its loop
        for loop in [s for s in node.body if isinstance(s, ast.For)]:
            yield lambda loop=loop: loop.body.append(node.body[-1])
    if isinstance(node, ast.Constant):
        for value in other_constants(node.value, tree):
            yield lambda value=value: become(node, ast.Constant(value))
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for other in other_names(node.id, tree):
            yield lambda other=other: setattr(node, "id", other)
        if getattr(environment.get(node.id), "ndim", 0) == 2:
            yield lambda: become(node, ast.Attribute(ast.Name(node.id, ast.Load()), "T", ast.Load()))
    if isinstance(node, ast.Name | ast.Call | ast.Subscript | ast.Attribute | ast.BinOp) and not is_stored(node):
        value = number_there(node, environment)
        if value is not None:
            yield lambda: become(node, ast.Constant(value))
            if isinstance(value, int):
                for off, op in ((1, ast.Add()), (1, ast.Sub())):
                    yield lambda off=off, op=op: become(node, ast.BinOp(copy.deepcopy(node), op, ast.Constant(off)))


def changed_lines(mutant, source):
    """What a mutant's lines say that the solution's do not, or the lines that it leaves out."""
    old, new = ast.unparse(ast.parse(source)).splitlines(), mutant.splitlines()
    others = [line.strip() for line in new if line not in old]
    return " | ".join(others) or "without: " + " | ".join(line.strip() for line in old if line not in new)


def exchange(node, one, other):
    a, b = getattr(node, one), getattr(node, other)
    setattr(node, one, b)
    setattr(node, other, a)


def become(node, other):
    """Turn a node into another one, in its place."""
    other = copy.deepcopy(other)
    node.__class__ = other.__class__
    node.__dict__.clear()
    node.__dict__.update(other.__dict__)


def is_module(node):
    return isinstance(node, ast.Name) and node.id == "np"


def is_stored(node):
    return isinstance(getattr(node, "ctx", None), ast.Store)


def other_constants(value, tree):
    """Numbers near a number; for a text, the other texts in the solution."""
    if isinstance(value, str):
        return [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and n.value != value]
    if isinstance(value, bool | None | type(...)):
        return []
    near = [value + 1, value - 1] if isinstance(value, int) else [1.25 * value, 0.75 * value]
    return near + ([-value, 10 * value] if value else [])


def other_names(name, tree):
    """The parameters, and what is assigned, that may be confused with `name`."""
    function = next((n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)), None)
    if function is None:
        return []
    parameters = [argument.arg for argument in function.args.args]
    stored = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and is_stored(n)]
    known = [*dict.fromkeys([*parameters, *stored])]
    return [other for other in known if other != name] if name in known else []


def number_there(node, environment):
    """The one number that an expression is where the check first calls the function, or None."""
    try:
        value = eval(compile(ast.Expression(copy.deepcopy(node)), "<mutant>", "eval"), dict(environment))
    except Exception:  # it needs what is computed on the way
        return None
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        return None
    return int(value) if isinstance(value, int | np.integer) else float(value)


def made(source, context):
    """The names that a source defines, beside those of `context`."""
    space = dict(context)
    exec(compile(source, "<mutant>", "exec"), space)
    return space
