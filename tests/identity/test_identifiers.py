"""What an identifier's form says: issued to somebody, kept for tests, or neither."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.identity import identifiers
from hub.identity.identifiers import Validity

VECTORS: dict[str, dict[str, Any]] = {
    kind: examples
    for kind, examples in json.loads((Path(__file__).parents[1] / "data" / "identifiers" / "vectors.json").read_text()).items()
    if kind != "note"
}


@pytest.mark.parametrize("number", VECTORS["nhs_number"]["valid_999_range"])
def test_an_nhs_number_from_999_is_for_tests(number: str) -> None:
    assert identifiers.nhs_number(number) is Validity.RESERVED


@pytest.mark.parametrize("number", VECTORS["nhs_number"]["valid_public_examples"])
def test_an_nhs_number_whose_check_digit_fits_is_valid(number: str) -> None:
    assert identifiers.nhs_number(number) is Validity.VALID


@pytest.mark.parametrize("number", [*VECTORS["nhs_number"]["invalid"], "", "94347659\uff119", "943476591"])
def test_an_nhs_number_whose_check_digit_does_not_fit_is_invalid(number: str) -> None:
    assert identifiers.nhs_number(number) is Validity.INVALID


@pytest.mark.parametrize("nine", VECTORS["nhs_number"]["no_check_digit_possible_prefixes"])
def test_nine_digits_whose_remainder_is_one_were_never_given_a_number(nine: str) -> None:
    assert identifiers.nhs_check_digit(nine) is None


@pytest.mark.parametrize("number", VECTORS["nino"]["valid"])
def test_a_nino_with_its_suffix_is_valid(number: str) -> None:
    assert identifiers.nino(number) is Validity.VALID


@pytest.mark.parametrize("number", [found for found in VECTORS["nino"]["invalid"] if not found.startswith("QQ")])
def test_a_nino_nobody_can_have_is_invalid(number: str) -> None:
    assert identifiers.nino(number) is Validity.INVALID


def test_a_nino_of_hmrcs_own_example_is_for_tests() -> None:
    assert identifiers.nino("QQ123456A") is Validity.RESERVED
    assert identifiers.nino("QQ12345A") is Validity.INVALID


@pytest.mark.parametrize("code", VECTORS["postcode"]["valid"])
def test_a_postcode_of_the_standard_is_valid(code: str) -> None:
    assert identifiers.postcode(code.replace(" ", "")) is Validity.VALID


@pytest.mark.parametrize("code", VECTORS["postcode"]["invalid"])
def test_a_postcode_against_the_standard_is_invalid(code: str) -> None:
    assert identifiers.postcode(code.replace(" ", "")) is Validity.INVALID


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (identifiers.postcode, "QX11AB"),
        (identifiers.phone, "07000123456"),
        (identifiers.phone, "07700900123"),
        (identifiers.email, "somebody@example.org"),
    ],
)
def test_what_is_allocated_to_nobody_is_for_tests(check: Any, value: str) -> None:
    assert check(value) is Validity.RESERVED


@pytest.mark.parametrize(
    ("check", "value"),
    [(identifiers.uprn, "0"), (identifiers.uprn, "1234567890123"), (identifiers.phone, "0000"), (identifiers.email, "none at all")],
)
def test_what_cannot_be_one_is_invalid(check: Any, value: str) -> None:
    assert check(value) is Validity.INVALID


def test_what_can_be_one_is_valid() -> None:
    assert identifiers.uprn("100012345678") is Validity.VALID
    assert identifiers.phone("01612345678") is Validity.VALID
    assert identifiers.email("office@council.gov.uk") is Validity.VALID
