"""Who is asking, and whether they may. Pages ask here, and `survey.studio` asks again before it does anything."""

from data.people import Account, People
from data.studies import Home
from survey.access.roles import Permission, allows
from survey.access.tokens import token_hash
from survey.errors import NotAllowed

COOKIE = "samtal_session"


def current_account(home: Home, cookie: str | None) -> Account | None:
    """Return the account whose session the cookie carries, or None: no cookie, forged, expired or signed out."""
    if not cookie:
        return None
    with home.open_catalogue() as db:
        return People(db).session(token_hash(cookie))


def require(account: Account | None, permission: Permission) -> Account:
    """Return the account when it may do this; raises NotAllowed otherwise."""
    if account is None:
        raise NotAllowed("You are not signed in.", "Sign in and try again.")
    if not allows(account.role, permission):
        raise NotAllowed("Your account may not do this.", "Ask whoever looks after this installation.")
    return account
