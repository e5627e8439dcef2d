"""The protocols that are proved, in the order in which to read them."""

from register import REGISTER
from synod import SYNOD

PROTOCOLS = [SYNOD, REGISTER]
