"""Proof of work: a small computation that a browser does unnoticed and that makes many fake responses costly.

The page gets a challenge and looks for a whole number such that the SHA-256 of "challenge:number" begins with enough
zero bits. In the browser, with the challenge and the bits in the page:

    async function solve(challenge, bits) {
      for (let number = 0; ; number++) {
        const bytes = new TextEncoder().encode(`${challenge}:${number}`);
        const digest = new DataView(await crypto.subtle.digest("SHA-256", bytes));
        if (digest.getUint32(0) >>> (32 - bits) === 0) return String(number);
        if (number % 512 === 511) await new Promise((go) => setTimeout(go));
      }
    }

`crypto.subtle` exists on https and on localhost only; elsewhere nothing is asked for and `Respondent.proof` stays None.
"""

import hashlib
import hmac

BITS = 13
LONGEST_SOLUTION = 12


def pow_challenge(secret: bytes, response: str) -> str:
    """Return the challenge of a response: 32 hexadecimal digits that nobody without the secret can foretell."""
    return hmac.new(secret, response.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def pow_valid(challenge: str, solution: str, bits: int = BITS) -> bool:
    """Say whether a solution fits a challenge: on average two to the power of `bits` hashes of work.

    >>> pow_valid("c", next(str(n) for n in range(10_000) if pow_valid("c", str(n), 4)), 4)
    True
    """
    if not 1 <= len(solution) <= LONGEST_SOLUTION or not (solution.isascii() and solution.isdecimal()):
        return False
    digest = hashlib.sha256(f"{challenge}:{solution}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - bits) == 0
