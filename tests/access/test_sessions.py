"""Sessions: they end when nobody uses them, when they are old, and when somebody says so."""

from tests.access.books import Hall


def test_a_session_ends_a_quarter_of_an_hour_after_it_was_used_last(books: Hall) -> None:
    token = books.sessions.begin("a")
    for _ in range(3):
        books.later(minutes=14)
        assert books.sessions.find(token) is not None
    books.later(minutes=15)
    assert books.sessions.find(token) is None


def test_a_session_ends_after_eight_hours_however_much_it_is_used(here: Hall) -> None:
    token = here.sessions.begin("a")
    for _ in range(47):
        here.later(minutes=10)
        assert here.sessions.find(token) is not None
    here.later(minutes=10)
    assert here.sessions.find(token) is None


def test_signing_in_again_ends_the_session_the_browser_had(here: Hall) -> None:
    first = here.sessions.begin("a")
    second = here.sessions.begin("a", instead_of=first)
    assert here.sessions.find(first) is None
    assert here.sessions.find(second) is not None


def test_signing_out_ends_it_for_good(here: Hall) -> None:
    token = here.sessions.begin("a")
    here.sessions.end(token)
    assert here.sessions.find(token) is None


def test_signing_out_elsewhere_ends_the_sessions_that_began_there(books: Hall) -> None:
    there, here = books.sessions.begin("a", outside="sid-1"), books.sessions.begin("b", outside="sid-2")
    assert books.sessions.end_outside("sid-1") == 1
    assert books.sessions.find(there) is None
    assert books.sessions.find(here) is not None


def test_the_store_does_not_hold_what_the_browser_shows(here: Hall) -> None:
    token = here.sessions.begin("a")
    with here.store.read() as tx:
        assert token not in str(tx.rows("SELECT * FROM web_session"))
    assert len(token) >= 40


def test_a_form_is_made_for_one_session(here: Hall) -> None:
    first, second = (here.sessions.find(here.sessions.begin("a")) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.vouches_for(first.csrf)
    assert not first.vouches_for(second.csrf)


def test_a_purpose_is_chosen_for_the_session(here: Hall) -> None:
    token = here.sessions.begin("a")
    begun = here.sessions.find(token)
    assert begun is not None
    here.sessions.choose(begun, "answer-enquiry")
    chosen = here.sessions.find(token)
    assert chosen is not None
    assert chosen.purpose == "answer-enquiry"
