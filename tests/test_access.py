"""Accounts, sessions, set-up links, roles and limits, without a web server."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from limits import parse

from data.people import People
from data.studies import Home
from survey.access import accounts, passwords
from survey.access.guard import current_account, require
from survey.access.roles import allows
from survey.access.throttle import Throttle, TooMany
from survey.access.tokens import new_token, token_hash
from survey.errors import AppError, NotAllowed

PASSWORD = "a calm winter morning"


pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def session(home: Home) -> str:
    """A home with one account, signed in."""
    return accounts.set_up(home, setup_token(home), "liv@example.org", "Liv Berg", PASSWORD)


def setup_token(home: Home) -> str:
    link = accounts.setup_link(home, "http://localhost:8501/")
    assert link is not None
    address, token = link.split("?token=")
    assert address == "http://localhost:8501/setup"
    return token


def sign_in(home: Home, password: str = PASSWORD, throttle: Throttle | None = None, **more: str) -> str:
    return accounts.sign_in(
        home, throttle or Throttle(), more.pop("email", "liv@example.org"), password, "here", **more
    )


def test_the_set_up_link_makes_one_signed_in_admin_and_then_no_more(home: Home) -> None:
    token = setup_token(home)
    session = accounts.set_up(home, token, " Liv@Example.org ", "Liv  Berg", PASSWORD)
    account = current_account(home, session)
    assert account is not None
    assert (account.email, account.name, account.role) == ("Liv@Example.org", "Liv Berg", "admin")
    assert accounts.setup_link(home, "http://localhost") is None
    assert not accounts.setup_open(home, token)
    with pytest.raises(NotAllowed):
        accounts.set_up(home, token, "eve@example.org", "Eve", PASSWORD)


def test_every_link_ends_with_the_first_account(home: Home) -> None:
    first, second = setup_token(home), setup_token(home)
    accounts.set_up(home, first, "liv@example.org", "Liv", PASSWORD)
    with pytest.raises(NotAllowed):
        accounts.set_up(home, second, "eve@example.org", "Eve", PASSWORD)


def test_a_slip_in_the_form_does_not_use_the_link_up(home: Home) -> None:
    token = setup_token(home)
    with pytest.raises(AppError, match="at least 10"):
        accounts.set_up(home, token, "liv@example.org", "Liv", "short")
    with pytest.raises(AppError, match="e-mail"):
        accounts.set_up(home, token, "liv", "Liv", PASSWORD)
    with pytest.raises(AppError, match="name"):
        accounts.set_up(home, token, "liv@example.org", "  ", PASSWORD)
    assert accounts.setup_open(home, token)


def test_links_and_sessions_expire(home: Home, session: str) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    with home.open_catalogue() as db:
        people = People(db)
        account = people.by_email("liv@example.org")
        assert account is not None
        people.start_session(account.id, token_hash("old"), past)
        people.put_setup(token_hash("link"), past)
    assert current_account(home, "old") is None
    assert not accounts.setup_open(home, "link")
    assert current_account(home, session) is not None


def test_no_secret_is_in_the_files(home: Home, session: str) -> None:
    dump = "\n".join(sqlite3.connect(home.catalogue_path).iterdump())
    assert token_hash(session) in dump
    assert "$argon2id$" in dump
    assert session not in dump
    assert PASSWORD not in dump


def test_signing_in_starts_a_new_session_and_ends_the_one_before(home: Home, session: str) -> None:
    new = sign_in(home, email="LIV@example.org", old=session)
    assert new != session
    assert current_account(home, session) is None
    assert current_account(home, new) is not None


def test_signing_out_kills_the_session_everywhere(home: Home, session: str) -> None:
    other = sign_in(home)
    accounts.sign_out(home, session)
    accounts.sign_out(home, session)
    assert current_account(home, session) is None
    assert current_account(home, other) is not None


def test_an_unknown_account_and_a_wrong_password_look_the_same(
    home: Home, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[bool] = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *args: checked.append(True) or verify(*args))
    messages = set()
    for email, password in [("liv@example.org", "wrong password"), ("nobody@example.org", PASSWORD)]:
        with pytest.raises(NotAllowed) as refused:
            sign_in(home, password, email=email)
        messages.add(str(refused.value))
    assert len(messages) == 1
    assert len(checked) == 2


def test_one_account_can_be_tried_only_so_often_until_a_success_clears_it(home: Home, session: str) -> None:
    throttle = Throttle(per_account=parse("3 per minute"))
    for _ in range(2):
        with pytest.raises(NotAllowed):
            sign_in(home, "wrong password", throttle)
    sign_in(home, throttle=throttle)
    for _ in range(3):
        with pytest.raises(NotAllowed):
            sign_in(home, "wrong password", throttle, email=" LIV@EXAMPLE.ORG ")
    with pytest.raises(TooMany):
        sign_in(home, throttle=throttle)


def test_one_address_can_try_only_so_often_whatever_the_account(home: Home, session: str) -> None:
    throttle = Throttle(per_address=parse("2 per minute"))
    for guess in ("a@example.org", "b@example.org"):
        with pytest.raises(NotAllowed):
            sign_in(home, throttle=throttle, email=guess)
    with pytest.raises(TooMany):
        sign_in(home, throttle=throttle)


@pytest.mark.parametrize("password", ["short", "x" * 300, "aaaaaaaaaaaa", ""])
def test_weak_passwords_are_refused_with_advice(password: str) -> None:
    with pytest.raises(AppError, match="Choose one"):
        passwords.hash_password(password)


def test_a_password_is_the_same_however_the_keyboard_composes_it() -> None:
    assert passwords.verify_password(passwords.hash_password("smörgåsbord"), "smo\u0308rga\u030asbord")


def test_roles_are_closed_by_default(home: Home, session: str) -> None:
    account = current_account(home, session)
    assert require(account, "accounts") is account
    assert allows("researcher", "analyse")
    assert not allows("researcher", "accounts")
    assert not allows("", "read")
    with pytest.raises(NotAllowed, match="not signed in"):
        require(None, "read")


def test_tokens_never_repeat_and_are_long() -> None:
    tokens = {new_token() for _ in range(500)}
    assert len(tokens) == 500
    assert min(map(len, tokens)) >= 43


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(cookie=st.text(max_size=200))
def test_no_made_up_cookie_or_link_opens_anything(home: Home, cookie: str) -> None:
    assert current_account(home, cookie) is None
    assert not accounts.setup_open(home, cookie)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(email=st.text(max_size=80), name=st.text(max_size=120))
def test_hostile_forms_are_refused_in_a_sentence_and_create_nothing(home: Home, email: str, name: str) -> None:
    with pytest.raises(AppError):
        accounts.set_up(home, "no such link", email, name, "short")
    assert not accounts.any_account(home)
