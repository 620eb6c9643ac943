"""Plugins that are broken, installed for real: reported, and in nobody's way."""

import json
import sys

import pytest

HOOKS = (
    "from alchemiser_core.plugins import hookimpl\n\n\nclass Plugin:\n    @hookimpl\n    def {}\n"
)
BROKEN = {
    "raises": ("raise RuntimeError('boom \\x1b[31m')", "RuntimeError: boom"),
    "exits": ("raise SystemExit(7)", "SystemExit: 7"),
    "lacks": ("", "has no attribute 'plugin'"),
    "misspelt": (
        HOOKS.format("alchemiser_strategiez(self): return []") + "plugin = Plugin()",
        "did you mean 'alchemiser_strategies'?",
    ),
    "signature": (
        HOOKS.format("alchemiser_strategies(self, more): return []") + "plugin = Plugin()",
        "implemented as alchemiser_strategies(more)",
    ),
    "fails": (
        HOOKS.format("alchemiser_strategies(self): return 1 / 0") + "plugin = Plugin()",
        "ZeroDivisionError",
    ),
    "nothing": (
        HOOKS.format("alchemiser_strategies(self): return None") + "plugin = Plugin()",
        "returned None",
    ),
}


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Make a module and its metadata importable, as an installer would."""

    def write(name, code, entry_points):
        site = tmp_path / "site"
        info = site / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(entry_points)
        (site / f"{name}_plugin.py").write_text(code)
        monkeypatch.syspath_prepend(str(site))
        monkeypatch.delitem(sys.modules, f"{name}_plugin", raising=False)

    return write


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plugin_is_reported_and_stops_nothing(install, run, run_json, switch, bars, name):
    code, said = BROKEN[name]
    install(name, code + "\n", f"[alchemiser]\n{name} = {name}_plugin:plugin\n")
    (broken,) = run_json("plugins")["broken"]
    assert broken["plugin"] == name
    assert said in " ".join(broken["problems"])
    assert "\x1b" not in run("plugins").stdout
    assert run("decide", switch, "--data", bars).exit_code == 0
    assert run("--help").exit_code == 0


def test_a_command_of_a_plugin_is_run_and_a_broken_one_says_why(install, run):
    code = "def hello(name: str = 'you'):\n    '''Greet.'''\n    print('hello', name)\n"
    entries = "hello = extra_plugin:hello\nlost = no_such_module:x\ndecide = extra_plugin:hello\n"
    install("extra", code, f"[alchemiser.commands]\n{entries}")
    assert run("hello", "--name", "all").stdout == "hello all\n"
    lost = run("lost")
    assert lost.exit_code == 2
    assert "No module named 'no_such_module'" in lost.stderr
    page = run("--help").stdout
    assert "hello        from extra" in page or "hello  from extra" in page
    assert "decide  from extra" not in page


def test_a_strategy_that_two_plugins_offer_is_neither(install, run):
    code = (
        "from alchemiser_core.plugins import hookimpl\n"
        "from alchemiser_strategies import plugin as theirs\n\n\n"
        "class Plugin:\n"
        "    @hookimpl\n"
        "    def alchemiser_strategies(self):\n"
        "        return theirs.alchemiser_strategies()\n\n\n"
        "plugin = Plugin()\n"
    )
    install("twice", code, "[alchemiser]\ntwice = twice_plugin:plugin\n")
    result = run("decide", "tecl", "--data", "sample", "--json")
    assert result.exit_code == 2
    (problem,) = json.loads(result.stdout)["problems"]
    assert "offered by strategies, twice" in problem["why"]
