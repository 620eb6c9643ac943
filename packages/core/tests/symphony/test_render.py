"""Writing and reading again gives the same tree, in both forms and between them."""

from hypothesis import given, settings
from returns.result import Failure, Success

from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony import Symphony, expand, read, render_edn, render_json
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    Comparator,
    Condition,
    Constant,
    If,
    Use,
    WeightEqual,
    WeightSpecified,
)
from alchemiser_core.symphony.edn.reader import Keyword, Name
from alchemiser_core.symphony.parameters.listing import is_plain
from alchemiser_core.testing.symphonies import parametrised_symphonies, symphonies

SPY, TLT = Asset(Symbol("SPY")), Asset(Symbol("TLT"))
quick = settings(max_examples=150, deadline=None)
slower = settings(max_examples=40, deadline=None)


def reread(text: str) -> Symphony:
    result = read(text)
    assert isinstance(result, Success), [str(p) for p in result.failure().problems()]
    symphony: Symphony = result.unwrap().symphony
    return symphony


@quick
@given(symphonies())
def test_edn_text_reads_back_as_the_same_tree(symphony: Symphony) -> None:
    assert reread(render_edn(symphony)) == symphony


@quick
@given(symphonies(bundles=False))
def test_json_text_reads_back_as_the_same_tree(symphony: Symphony) -> None:
    assert reread(render_json(symphony).unwrap()) == symphony


@quick
@given(symphonies(bundles=False))
def test_a_tree_survives_the_way_from_edn_to_json_and_back(symphony: Symphony) -> None:
    from_edn = reread(render_edn(symphony))
    from_json = reread(render_json(from_edn).unwrap())
    assert reread(render_edn(from_json)) == symphony


@slower
@given(parametrised_symphonies())
def test_parameters_and_definitions_read_back_in_both_forms(symphony: Symphony) -> None:
    assert reread(render_edn(symphony)) == symphony
    written = render_json(symphony)
    if isinstance(written, Success):
        assert reread(written.unwrap()) == symphony
    else:
        assert "form-cannot-hold" in {p.code for p in written.failure().problems()}


@slower
@given(parametrised_symphonies())
def test_what_expansion_gives_is_plain_and_reads_back(symphony: Symphony) -> None:
    plain = expand(symphony).unwrap()
    assert is_plain(plain)
    assert reread(render_edn(plain)) == plain
    assert expand(plain).unwrap() is plain


def test_json_says_when_a_share_bundles_several_blocks() -> None:
    symphony = Symphony("x", (WeightSpecified((0.4, 0.6), ((SPY, TLT), (SPY,))),))
    result = render_json(symphony)
    assert isinstance(result, Failure)
    (problem,) = result.failure().problems()
    assert problem.code == "form-cannot-hold"
    assert "a share of 2 blocks together" in problem.what
    assert "weight-equal" in problem.hint


def test_json_says_when_an_attribute_has_the_name_of_a_key_of_its_own() -> None:
    symphony = Symphony("x", (Asset(Symbol("SPY"), attributes={"ticker": "TLT"}),))
    (problem,) = render_json(symphony).failure().problems()
    assert problem.what == "the JSON form cannot hold an attribute that is called 'ticker'"


def test_shares_read_back_exactly_whatever_their_size() -> None:
    shares = (0.6, 0.1 + 0.2, 60.0, 1e-300, 0.0, 1e22)
    symphony = Symphony("x", (WeightSpecified(shares, ((SPY,),) * len(shares)),))
    text = render_json(symphony).unwrap()
    assert '"num": 60,\n' in text
    assert reread(text) == symphony
    assert reread(render_edn(symphony)) == symphony


def test_edn_text_is_laid_out_as_published_ones_are() -> None:
    tree = If(Condition(Comparator.LESS, Constant(1.0), Constant(2.5)), (SPY,), (TLT,))
    symphony = Symphony("n", (WeightEqual((tree,)),), attributes={"asset-class": "EQUITIES"})
    assert render_edn(symphony) == (
        "(defsymphony\n"
        ' "n"\n'
        ' {:asset-class "EQUITIES", :rebalance-frequency :daily}\n'
        " (weight-equal\n"
        "  [(if\n"
        "    (< 1 2.5)\n"
        '    [(asset "SPY")]\n'
        '    [(asset "TLT")])]))\n'
    )


def test_a_keyword_attribute_stays_one_in_edn_and_is_a_text_in_json() -> None:
    symphony = Symphony("n", (SPY,), attributes={"mood": Keyword("calm")})
    assert ":mood :calm" in render_edn(symphony)
    assert type(reread(render_edn(symphony)).attributes["mood"]) is Keyword
    assert reread(render_json(symphony).unwrap()).attributes == {"mood": "calm"}


def test_a_name_in_an_attribute_stays_one_in_edn() -> None:
    symphony = reread('(defsymphony "n" {:by someone-else :of [a "a"]} (asset "SPY"))')
    assert reread(render_edn(symphony)) == symphony
    assert type(symphony.attributes["by"]) is Name


def test_attributes_of_the_children_of_an_if_come_back_at_their_place() -> None:
    condition = Condition(Comparator.LESS, Constant(1.0), Constant(2.5))
    kept = {"id": "a", "then": {"id": "b"}, "else": {"id": "c", "name": "Else"}}
    symphony = Symphony("n", (If(condition, (SPY,), (), attributes=kept),))
    text = render_json(symphony).unwrap()
    assert text.count('"id"') == 3
    assert reread(text) == symphony
    assert reread(render_edn(symphony)) == symphony


def test_a_use_keeps_its_name_in_both_forms() -> None:
    use = Use("d", {"n": 2.5, "s": Symbol("SPY"), "v": (Symbol("TLT"),), "nothing": None}, "a b")
    inner: Block = WeightEqual((use,))
    symphony = Symphony("n", (inner,), definitions={"d": SPY})
    assert '(use :d {:as "a b", :n 2.5, :s "SPY", :v ["TLT"], :nothing nil})' in render_edn(
        symphony
    )
    assert '"as": "a b"' in render_json(symphony).unwrap()
