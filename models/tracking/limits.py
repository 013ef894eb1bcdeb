"""From when on a change counts, shared by what measures it and by what tells people. Light: web processes import it."""

WATCH, ACT = 0.1, 0.25
"""Population stability index from which a shift is worth watching, and from which it calls for action (Lewis 1994)."""

SURELY = 0.01
"""p-value of the kernel test below which the population is called another one."""
