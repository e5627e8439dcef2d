"""The protocols that are proved, in the order in which to read them."""

from lease import LEASE
from log import LOG
from membership import MEMBERSHIP
from recovery import RECOVERY
from register import REGISTER
from synod import SYNOD

PROTOCOLS = [SYNOD, REGISTER, LOG, RECOVERY, MEMBERSHIP, LEASE]
