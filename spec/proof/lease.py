"""Leases: at every instant there is one holder at most, with clocks that err.

The TLA+ specification is proof/Lease.tla. A holder counts its lease from the instant when it sent its request, a
grantor from the instant when it granted, each by its own clock. Time is any ordered set of instants. Of the clocks two
things are assumed, the axioms below; the lemma derives the first from clocks whose measure of a stretch of time errs
by a bounded amount, if holders subtract that twice.
"""

from epr.protocol import (Action, Bug, Conjunct, Lemma, Protocol, function, message, order, quorums, relation, sort,
                          static_relation)

LEASE = Protocol(
    name="lease",
    title="leases, with an abstract clock",
    spec="proof/Lease.tla",
    sorts=[
        sort("Grantor"),
        sort("Holder"),
        order("Instant", least="0"),
        order("Token", least="0"),
        quorums("Quorum", of="Grantor"),
    ],
    constants="Nobody : Holder",
    symbols=[
        static_relation("Holds", "sent : Instant, now : Instant",
                        "by its clock, a holder that sent its request at sent may still act at now"),
        static_relation("Bound", "granted : Instant, now : Instant",
                        "by its clock, a grantor that granted at granted is still bound at now"),
        function("now", "-> Instant", "0", "the instant that it is"),
        function("granted", "Grantor -> Instant", "0", "when the grantor granted last, or started"),
        function("grantee", "Grantor -> Holder", "Nobody", "to whom; Nobody after a start"),
        function("largest", "Grantor -> Token", "0", "the largest token that the grantor has granted"),
        message("request", "token : Token", "asks for a lease with a token that nobody else uses",
                fields="holder : Holder, sent : Instant"),
        message("grant", "grantor : Grantor, token : Token", "grants that request"),
        relation("leased", "token : Token", "the requests of which the holder knows that a quorum granted them"),
    ],
    axioms=[
        Conjunct("QuorumsIntersect", r"\A q, r \in Quorum : \E g \in q : g \in r",
                 "Every two quorums have a grantor in common."),
        Conjunct("HolderStopsFirst",
                 r"\A s, t, n \in Instant : Holds(s, n) /\ s <= t /\ t <= n => Bound(t, n)",
                 "As long as a holder may act, every grantor is bound that granted after the request was sent."),
        Conjunct("UnboundForEver",
                 r"\A t, m, n \in Instant : Bound(t, n) /\ t <= m /\ m <= n => Bound(t, m)",
                 "A grantor that is not bound any more does not become bound by waiting."),
    ],
    actions=[
        Action("Tick", "t : Instant", local="n : Instant",
               guards=["now = n", "t > n"], updates=["now := t"],
               about="Time passes.",
               spare={"now := t": "Nothing happens too late if time stands still."}),
        Action("Request", "h : Holder, k : Token", local="n : Instant",
               guards=["h # Nobody", "~request(k)", "now = n"],
               updates=["send request(k) with holder = h, sent = n"],
               about="Holder h asks for a lease with a token that nobody has used, and notes when."),
        Action("Grant", "g : Grantor, k : Token", local="h : Holder, t : Instant, n : Instant",
               guards=["request(k)", "request(k).holder = h", "k > largest[g]", "granted[g] = t", "now = n",
                       r"grantee[g] = h \/ ~Bound(t, n)"],
               updates=["granted[g] := n", "grantee[g] := h", "largest[g] := k", "send grant(g, k)"],
               about="Grantor g grants a request if its last grant was to the same holder, or has expired."),
        Action("Hold", "k : Token, q : Quorum",
               guards=["request(k)", r"\A g \in q : grant(g, k)"],
               updates=["add leased(k)"],
               about="A holder hears that a quorum granted its request.",
               spare={"request(k)": "What was granted was asked for."}),
        Action("RestartGrantor", "g : Grantor", local="n : Instant",
               guards=["now = n"],
               updates=["granted[g] := n", "grantee[g] := Nobody"],
               about="Grantor g starts again. It has forgotten to whom and when it granted, so it waits a full term "
                     "before it grants to anybody. The largest token it has on its disk.",
               spare={"granted[g] := n": "To remember when it granted, and to forget to whom, is safe too.",
                      "grantee[g] := Nobody": "To remember to whom it granted, and to count anew, is safe too."}),
    ],
    invariant=[
        Conjunct("GrantedBeforeNow", r"\A g \in Grantor : granted[g] <= now", "Nothing was granted in the future."),
        Conjunct("SentBeforeNow", r"\A k \in Token : request(k) => request(k).sent <= now",
                 "Nothing was sent in the future."),
        Conjunct("GrantWasRequested", r"\A g \in Grantor, k \in Token : grant(g, k) => request(k)",
                 "What was granted was asked for."),
        Conjunct("RequestHasHolder", r"\A k \in Token : request(k) => request(k).holder # Nobody",
                 "It is somebody who asks."),
        Conjunct("GrantedIsLargest", r"\A g \in Grantor, k \in Token : grant(g, k) => k <= largest[g]",
                 "A grantor has granted no larger token than it notes."),
        Conjunct("LeaseHasQuorum",
                 r"\A k \in Token : leased(k) => request(k) /\ (\E q \in Quorum : \A g \in q : grant(g, k))",
                 "A lease was granted by a quorum."),
        Conjunct("GrantorIsBound",
                 r"\A g \in Grantor, k \in Token, h \in Holder, s, n \in Instant : grant(g, k) /\ "
                 r"request(k).holder = h /\ request(k).sent = s /\ now <= n /\ Holds(s, n) => "
                 r"s <= granted[g] /\ (grantee[g] = h \/ grantee[g] = Nobody)",
                 "While a holder may act, whoever granted it that has granted to nobody else since."),
        Conjunct("TokensFollow",
                 r"\A g \in Grantor, j, k \in Token, h, o \in Holder, s, n \in Instant : grant(g, k) /\ grant(g, j) /\ "
                 r"request(k).holder = h /\ request(j).holder = o /\ h # o /\ request(k).sent = s /\ now <= n /\ "
                 r"Holds(s, n) => j < k",
                 "While a holder may act, who granted it that had granted only smaller tokens to others."),
    ],
    safety=[
        Conjunct("OneHolder",
                 r"\A j, k \in Token, h, o \in Holder, r, s, n \in Instant : leased(k) /\ leased(j) /\ "
                 r"request(k).holder = h /\ request(j).holder = o /\ request(k).sent = s /\ request(j).sent = r /\ "
                 r"now = n /\ Holds(s, n) /\ Holds(r, n) => h = o",
                 "At no instant may two holders act."),
        Conjunct("TokenIsFence",
                 r"\A j, k \in Token, h, o \in Holder, s, n \in Instant : leased(k) /\ leased(j) /\ "
                 r"request(k).holder = h /\ request(j).holder = o /\ h # o /\ request(k).sent = s /\ now = n /\ "
                 r"Holds(s, n) => j < k",
                 "Who may act has a larger token than any other ever had: with tokens, a resource can turn away those "
                 "who paused past the end of their lease."),
    ],
    bugs=[
        Bug("granted-during-anothers", "A grantor grants although another's lease is not over.",
            action="Grant", without=[r"grantee[g] = h \/ ~Bound(t, n)"]),
        Bug("forgotten-over-a-restart", "A grantor that starts again does not wait.",
            action="RestartGrantor", replace=(("granted[g] := n", "granted[g] := 0"),)),
        Bug("counted-from-the-answer", "The lease counts from a later instant than that of the request.",
            action="Request", replace=(("now = n", "n >= now"),)),
        Bug("sign-of-the-error", "A holder adds the bound of the errors instead of subtracting it.",
            axiom="HolderStopsFirst"),
        Bug("token-not-compared", "A grantor grants any token.", action="Grant", without=["k > largest[g]"]),
    ],
    lemmas=[
        Lemma("HolderStopsFirst", "QF_LRA",
              declarations=[f"(declare-const {n} Real)" for n in
                            ("sent", "granted", "now", "term", "error", "byHolder", "byGrantor")],
              assertions=["(<= sent granted)",
                          "(>= byHolder (- (- now sent) error))",
                          "(<= byGrantor (+ (- now granted) error))",
                          "(< byHolder (- term (* 2 error)))",
                          "(not (< byGrantor term))"],
              about="a holder counts the time since it sent, a grantor the time since it granted, each with some "
                    "error; if the holder stops two errors before the term, the grantor is still within it"),
    ],
)
