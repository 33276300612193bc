"""Accounts: who may use the hub, by what, and until when."""

import pytest

from hub.privacy.accounts import PATIENCE, AccountRefused, NewAccount, Tie
from hub.privacy.passwords import fits, hashed
from tests.access.books import Hall

WORD = "correct horse battery"
ADVISER = NewAccount(name="Adviser.One", role="adviser", organisation="exampleton", team="front-office", password=WORD)


def test_somebody_signs_in_by_name_and_password_in_whatever_case_the_name_is_typed(books: Hall) -> None:
    made = books.accounts.add(ADVISER)
    assert books.accounts.by_password(" adviser.one ", WORD) == made


def test_a_wrong_password_or_an_unknown_name_opens_nothing(here: Hall) -> None:
    here.accounts.add(ADVISER)
    assert here.accounts.by_password("adviser.one", WORD + "!") is None
    assert here.accounts.by_password("nobody", WORD) is None


def test_a_disabled_account_opens_nothing_and_ends_what_is_signed_in(books: Hall) -> None:
    made = books.accounts.add(ADVISER)
    session, program = books.sessions.begin(made.account_id), books.accounts.token("adviser.one")
    books.accounts.disable("adviser.one")
    assert books.accounts.by_password("adviser.one", WORD) is None
    assert books.accounts.by_token(program) is None
    assert books.sessions.find(session) is None
    assert [account.disabled for account in books.accounts.listing()] == [True]


def test_an_account_waits_after_ten_wrong_passwords_and_then_works_again(here: Hall) -> None:
    here.accounts.add(ADVISER)
    for _ in range(PATIENCE):
        here.accounts.by_password("adviser.one", "wrong wrong wrong")
    assert here.accounts.by_password("adviser.one", WORD) is None
    here.later(minutes=16)
    assert here.accounts.by_password("adviser.one", WORD) is not None


def test_a_name_is_given_once(books: Hall) -> None:
    books.accounts.add(ADVISER)
    with pytest.raises(AccountRefused):
        books.accounts.add(ADVISER)


def test_the_store_holds_no_password_no_token_and_no_residents_name(here: Hall) -> None:
    here.accounts.add(NewAccount(name="zebedee.quillfeather@example.org", role="resident", organisation="exampleton", password=WORD))
    program = here.accounts.token("zebedee.quillfeather@example.org")
    with here.store.read() as tx:
        kept = str(tx.rows("SELECT * FROM account"))
    assert "quillfeather" not in kept
    assert WORD not in kept
    assert program not in kept


def test_a_program_acts_as_the_account_whose_newest_token_it_shows(here: Hall) -> None:
    here.accounts.add(ADVISER)
    first, second = here.accounts.token("adviser.one"), here.accounts.token("adviser.one")
    assert here.accounts.by_token(first) is None
    assert here.accounts.by_token(second) is not None


def test_parties_are_proved_for_residents_and_declared_by_staff(here: Hall) -> None:
    made = here.accounts.add(ADVISER)
    here.accounts.tie("adviser.one", "p1", Tie.OWN, how="declared", decided_by=made.account_id)
    with pytest.raises(AccountRefused):
        here.accounts.tie("adviser.one", "p2", Tie.PROVED, how="steward", decided_by=made.account_id)
    assert here.accounts.ties(made.account_id) == {"p1": Tie.OWN}
    assert here.accounts.colleagues(frozenset({"p1", "p2"})) == {"p1"}


def test_a_password_is_long_enough_and_two_hashes_of_it_differ() -> None:
    assert hashed(WORD) != hashed(WORD)
    assert fits(WORD, hashed(WORD))
    assert not fits(WORD, None)
    with pytest.raises(ValueError, match="characters"):
        hashed("short")
