import pytest

from alchemiser_core.plugins.compatibility import Compatibility, compatibility


@pytest.mark.parametrize(
    ("requirement", "version"),
    [
        (">=0.1,<0.2", "0.1.0"),
        (">=0.1,<0.2", "0.1.99"),
        (">= 0.1 , < 0.2", "0.1"),
        ("==0.1", "0.1.0"),
        ("!=0.1.1", "0.1.2"),
        (">0.1", "0.1.1"),
        ("<=1.10", "1.9"),
        (">=0.2", "0.2.0rc1"),
    ],
)
def test_requirements_that_are_met(requirement, version):
    assert compatibility(requirement, version) is Compatibility.MET


@pytest.mark.parametrize(
    ("requirement", "version"),
    [
        (">=0.1,<0.2", "0.2.0"),
        (">=0.1,<0.2", "0.0.9"),
        ("==0.1", "0.1.1"),
        ("!=0.1.1", "0.1.1"),
        (">0.1", "0.1.0"),
        ("<=1.9", "1.10"),
    ],
)
def test_requirements_that_are_not_met(requirement, version):
    assert compatibility(requirement, version) is Compatibility.UNMET


@pytest.mark.parametrize("requirement", ["", "0.1", "~=0.1", ">=0.1,", ">=one", ">=1.2.3.4.5"])
def test_requirements_that_cannot_be_read(requirement):
    assert compatibility(requirement, "0.1.0") is Compatibility.UNREADABLE


def test_a_version_that_cannot_be_read():
    assert compatibility(">=0.1", "unknown") is Compatibility.UNREADABLE
