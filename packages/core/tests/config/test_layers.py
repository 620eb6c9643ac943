"""Trees of values that know where they come from."""

from alchemiser_core.config.layers import (
    NOTHING_SET,
    branch_of,
    environment_layer,
    file_layer,
    find,
    merge,
    origin_at,
    plain,
)
from alchemiser_core.config.origin import BY_DEFAULT, Origin, OriginKind, shown_path

HERE = Origin(OriginKind.FLAG, "--here")


def test_tables_are_merged_and_everything_else_is_replaced():
    weak = file_layer({"a": {"x": 1, "y": 2}, "l": [1, 2, 3]}, lambda path: BY_DEFAULT)
    strong = file_layer({"a": {"y": 3}, "l": [9]}, lambda path: HERE)
    both = merge(weak, strong)
    assert plain(both) == {"a": {"x": 1, "y": 3}, "l": [9]}
    assert origin_at(both, ("a", "x")) == BY_DEFAULT
    assert origin_at(both, ("a", "y")) == HERE
    assert origin_at(both, ("l", 0)) == HERE


def test_a_value_replaces_a_table_and_a_table_a_value():
    table, value = branch_of(("a", "b"), 1, HERE), branch_of(("a",), 2, HERE)
    assert plain(merge(table, value)) == {"a": 2}
    assert plain(merge(value, table)) == {"a": {"b": 1}}


def test_the_origin_of_what_is_missing_is_that_of_the_table_around_it():
    tree = file_layer({"a": {"x": 1}}, lambda path: HERE if path else BY_DEFAULT)
    assert origin_at(tree, ("a", "missing", 3)) == HERE
    assert origin_at(tree, ("b",)) == BY_DEFAULT
    assert find(tree, ("a", 0)) is None
    assert find(tree, ("a", "x", "deeper")) is None


def test_a_name_is_found_in_either_spelling_where_only_one_is_meant():
    one = branch_of(("sixty-forty",), 1, HERE)
    two = merge(one, file_layer({"sixty_Forty": 2, "c": 3}, lambda path: HERE))
    assert plain(merge(one, branch_of(("sixty_forty",), 2, HERE))) == {"sixty-forty": 2}
    assert find(two, ("SIXTY-FORTY",)) == find(two, ("sixty-forty",))


def test_variables_are_read_in_a_fixed_order_and_others_are_left_alone():
    layer = environment_layer({"ALCHEMISER_B": "2", "ALCHEMISER_A__C": "1", "PATH": "x"})
    assert plain(layer) == {"a": {"c": "1"}, "b": "2"}
    assert environment_layer({}) == NOTHING_SET


def test_paths_are_shown_as_they_are_written():
    assert shown_path(("portfolio", "strategies", 1, "share")) == "portfolio.strategies[1].share"
    assert shown_path(("strategies", "my/file.edn")) == 'strategies."my/file.edn"'
