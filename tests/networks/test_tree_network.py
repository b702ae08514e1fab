"""The recursive network: its formula, its gradients, equal to the recurrent network on chains; expressions as trees."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data import (
    as_chains,
    as_trees,
    bracketed,
    expression_depth,
    expression_value,
    parse_expression,
    random_expressions,
    tree_nodes,
)
from helpers.networks import (
    Adam,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    GradientMismatch,
    MeanSquaredError,
    SimpleRNN,
    TreeNetwork,
    check_gradients,
    train,
)


def trees(count=3, depth=2, seed=0):
    return [parse_expression(text) for text in random_expressions(count, depth, seed)]


def problem(seed, activation="tanh"):
    rng = np.random.default_rng(seed)
    x, mask = as_trees(trees(3, 1 + seed % 3, seed))
    net = TreeNetwork(5, 4, 2, activation, seed=seed)
    net.theta[...] = rng.normal(size=net.theta.size) / 2
    return net, x, mask, rng


def chain(x):
    """Sequences (B, T, I) as left-branching trees (B, T, I + 2): each node's left child is one place back."""
    back = np.ones((*x.shape[:2], 2))
    back[:, 0, 0] = back[:, :, 1] = 0
    return np.concatenate([x, back], axis=2)


# ---- the formula ---------------------------------------------------------------------------------------------


def test_the_formula_by_recursion():
    net, *_ = problem(1)
    W_ih, W_l, W_r, b_h, W_ho, b_o = net.parameters.values()

    def state(tree):
        symbol, left, right = (tree, None, None) if isinstance(tree, str) else (tree[1], tree[0], tree[2])
        a = W_ih["01&|^".index(symbol)] + b_h
        if left is not None:
            a = a + state(left) @ W_l + state(right) @ W_r
        return np.tanh(a)

    some = trees(4, 3, 5)
    x, mask = as_trees(some)
    y, record = net.forward(x, mask=mask)
    for b, tree in enumerate(some):
        np.testing.assert_allclose(record.h_last[b], state(tree), rtol=0, atol=1e-14)
        np.testing.assert_allclose(y[b, -1], state(tree) @ W_ho + b_o, rtol=0, atol=1e-14)


def test_a_chain_is_a_special_tree():
    """Outputs, states and gradients of a left-branching tree are those of the recurrent network."""
    rng = np.random.default_rng(3)
    rnn = SimpleRNN(3, 4, 2, seed=1)
    rnn.theta[...] = rng.normal(size=rnn.theta.size) / 2
    tree = TreeNetwork(3, 4, 2, seed=9)
    for name, value in rnn.parameters.items():
        tree.parameters["W_l" if name == "W_hh" else name] = value
    x, dy = rng.normal(size=(2, 7, 3)), rng.normal(size=(2, 7, 2))
    y, record = rnn.forward(x)
    tree_y, tree_record = tree.forward(chain(x))
    np.testing.assert_allclose(tree_y, y, rtol=0, atol=1e-14)
    np.testing.assert_allclose(tree_record.states, record.states, rtol=0, atol=1e-14)
    gradients, tree_gradients = rnn.backward(record, dy), tree.backward(tree_record, dy)
    for name in rnn.parameters:
        given = tree_gradients["W_l" if name == "W_hh" else name]
        np.testing.assert_allclose(given, gradients[name], rtol=0, atol=1e-12)
    np.testing.assert_allclose(tree_gradients.x, gradients.x, rtol=0, atol=1e-12)
    assert not tree_gradients["W_r"].any()


def test_left_and_right_are_not_the_same():
    net, *_ = problem(2)
    x, _ = as_trees([parse_expression("1&0"), parse_expression("0&1")])
    y, _ = net.forward(x)
    assert np.abs(y[0, -1] - y[1, -1]).max() > 0.01


def test_after_the_root_of_a_smaller_tree_nothing_changes():
    net, *_ = problem(1)
    both, mask = as_trees([parse_expression("(1&0)"), parse_expression("((1&0)|(0^1))")])
    y, record = net.forward(both, mask=mask)
    alone, _ = net.forward(both[:1, :3])
    assert mask.sum(axis=1).tolist() == [3, 7]
    np.testing.assert_allclose(y[0, -1], alone[0, -1], rtol=0, atol=1e-14)
    assert (record.h[0, 4:] == record.h[0, 3]).all()


# ---- gradients -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
def test_gradients(activation):
    for seed in range(4):
        net, x, mask, rng = problem(seed, activation)
        check_gradients(net, x, rng.normal(size=(*mask.shape, 2)), MeanSquaredError(), mask=mask)
        check_gradients(net, x, rng.integers(0, 2, 3), CategoricalCrossEntropy("last"), mask=mask)
    chains = chain(rng.normal(size=(2, 5, 5)))
    check_gradients(net, chains, rng.normal(size=(2, 5, 2)), MeanSquaredError())


def test_a_child_of_two_parents_gets_both_gradients():
    net, *_ = problem(0)
    x = np.zeros((1, 3, 7))
    x[0, :, 0] = 1
    x[0, 1, 5:], x[0, 2, 5:] = [1, 0], [1, 2]  # the first node is a child of both others
    check_gradients(net, x, np.ones((1, 2)), MeanSquaredError("last"))
    x[0, 2, 5:] = [2, 2]  # and left and right child at once
    check_gradients(net, x, np.ones((1, 2)), MeanSquaredError("last"))


def test_the_check_notices_a_lost_child(monkeypatch):
    net, x, mask, _ = problem(1)
    right = TreeNetwork._backward

    def loses(self, *arguments):
        gradients = right(self, *arguments)
        gradients["W_r"][0, 0] *= 1.01
        return gradients

    monkeypatch.setattr(TreeNetwork, "_backward", loses)
    with pytest.raises(GradientMismatch, match=r"W_r\[0, 0\]"):
        check_gradients(net, x, np.ones((3, 2)), MeanSquaredError("last"), mask=mask)


# ---- training, arguments -------------------------------------------------------------------------------------


def test_it_learns_shallow_expressions_and_reads_deeper_ones():
    known = [tree for depth in (1, 2, 3) for tree in trees(300, depth, depth)]
    x, mask = as_trees(known)
    values = np.array([[expression_value(tree)] for tree in known], float)
    net = TreeNetwork(5, 16, 1, seed=0, dtype="float32")
    train(net, x, values, BinaryCrossEntropy("last"), Adam(0.01), epochs=30, mask=mask, clip_norm=1.0, progress=False)
    deeper = trees(200, 4, 77)
    x, mask = as_trees(deeper)
    right = (net.forward(x, mask=mask)[0][:, -1, 0] > 0) == np.array([expression_value(tree) for tree in deeper])
    assert right.mean() > 0.9


@pytest.mark.parametrize(
    ("node", "child", "value", "words"),
    [
        (0, 5, 1, "a left child 1 to 0 places before node 0 of tree 0"),
        (2, 6, 3, "a right child 1 to 2 places before node 2 of tree 0, or 0 for none, given 3"),
        (2, 5, 0.5, "given 0.5"),
        (2, 5, -1, "given -1"),
    ],
)
def test_children_that_cannot_be_are_named(node, child, value, words):
    net, *_ = problem(0)
    x, _ = as_trees([parse_expression("1&0")])
    x[0, node, child] = value
    with pytest.raises(ValueError, match=words):
        net.forward(x)
    with pytest.raises(ValueError, match=words):
        train(net, x, np.ones((1, 2)), MeanSquaredError("last"), progress=False)


def test_bad_inputs_are_named():
    net, x, mask, _ = problem(0)
    with pytest.raises(ValueError, match="x: expected shape"):
        net.forward(x[:, :, :5])
    with pytest.raises(ValueError, match="h_0: expected None"):
        net.forward(x, np.zeros((3, 4)))
    with pytest.raises(ValueError, match="mask: expected shape"):
        net.forward(x, mask=mask[:, 1:])
    with pytest.raises(ValueError, match="record: expected"):
        net.backward(x, np.zeros((3, 3, 2)))
    with pytest.raises(ValueError, match="dy: expected shape"):
        net.backward(net.forward(x, mask=mask)[1], np.zeros((3, 1, 2)))
    with pytest.raises(ValueError, match="hidden_size"):
        TreeNetwork(5, 0, 1)
    assert "hidden_size=4" in repr(net)


# ---- expressions ---------------------------------------------------------------------------------------------


@given(st.integers(0, 4), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_random_expressions_are_what_python_says(depth, seed):
    for text in random_expressions(3, depth, seed):
        tree = parse_expression(text)
        assert bracketed(tree) == text and expression_depth(tree) == depth
        assert expression_value(tree) == eval(text)  # the same signs mean the same in Python


def test_values_are_balanced_and_seeds_count():
    values = [expression_value(tree) for tree in trees(2000, 3, 1)]
    assert 0.4 < np.mean(values) < 0.6
    assert random_expressions(5, 3, 1) == random_expressions(5, 3, 1) != random_expressions(5, 3, 2)


def test_expressions_as_arrays():
    tree = parse_expression(" (1 & 0) ^ 1 ")
    assert bracketed(tree) == "((1&0)^1)"
    assert tree_nodes(tree) == [("1", None, None), ("0", None, None), ("&", 0, 1), ("1", None, None), ("^", 2, 3)]
    x, mask = as_trees([tree, "1"])
    assert x[0, :, 5:].tolist() == [[0, 0], [0, 0], [2, 1], [0, 0], [2, 1]]
    assert x[0, :, :5].argmax(axis=1).tolist() == [1, 0, 2, 1, 4] and mask.sum(axis=1).tolist() == [5, 1]
    x, mask = as_chains(["((1&0)^1)", "1"])
    assert "".join("01&|^()"[i] for i in x[0].argmax(axis=1)) == "((1&0)^1)" and mask.sum(axis=1).tolist() == [9, 1]


def test_without_brackets_the_left_comes_first():
    assert parse_expression("1&0|1") == parse_expression("((1&0)|1)")
    assert parse_expression("((1))") == "1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected 0, 1 or an opening bracket at place 1, given the end"),
        ("(1&", "at place 4, given the end"),
        ("(1&0", "expected a closing bracket at place 5"),
        ("1&0)", "before the closing one at place 4"),
        ("1+0", r"expected one of &\|\^ at place 2, given \+"),
        ("&1", "given &"),
        ("10", "given 0"),
    ],
)
def test_what_is_no_expression_is_named(text, words):
    with pytest.raises(ValueError, match=words):
        parse_expression(text)


def test_a_chain_takes_its_symbols_only():
    with pytest.raises(ValueError, match="given 'x' in text 1"):
        as_chains(["(1&0)", "x"])
