"""What the prover must refuse, and that its two meanings of a protocol agree. Run: python3 spec/proof/tests/test_proof.py"""

import random
import subprocess
import sys
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

sys.dont_write_bytecode = True
PROOF = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROOF))

from catalog import PROTOCOLS
from epr import alternation, sidebyside, tlavalue, z3
from epr.encode import encode, membership
from epr.memory import Memory
from epr.obligation import check_decidable, queries
from epr.printing import show
from epr.protocol import Action, Conjunct, ModelError, Protocol, function, message, order, relation, sort
from epr.prover import FAILED, INCONCLUSIVE, PROVED, REFUTED, prove
from epr.reading import formula
from epr.solver import Solvers
from epr.structure import Structure
from small import COMPARISONS
from synod import SYNOD


def toy(guards=("b > top[a]",), invariant=r"\A a \in Node, b \in Ballot : seen(a, b) => b <= top[a]", spare=""):
    """A node that notes the largest ballot it has seen."""
    return Protocol(
        name="toy", title="a toy", spec="", sorts=[sort("Node"), order("Ballot", least="0")],
        symbols=[function("top", "Node -> Ballot", "0", ""), relation("seen", "node : Node, ballot : Ballot", "")],
        actions=[Action("See", "a : Node, b : Ballot", guards=list(guards),
                        updates=["top[a] := b", "add seen(a, b)"], about="",
                        spare={guards[0]: spare} if spare else {})],
        invariant=[Conjunct("Noted", invariant, "")],
        safety=[Conjunct("Kept", r"\A a \in Node, b \in Ballot : seen(a, b) => b <= top[a]", "")])


class Reading(unittest.TestCase):
    def refuse(self, text, message):
        with self.assertRaises(ModelError) as caught:
            formula(SYNOD, text, {"a": "Acceptor", "b": "Ballot", "q": "PrepareQuorum"})
        self.assertEqual(str(caught.exception), message)

    def test_errors_have_places(self):
        self.refuse(r"promised[a] <= b /\ b > 0 \/ b = 0", r"column 27: /\ and \/ beside each other need parentheses")
        self.refuse("promised[b] <= b", "column 10: a Ballot stands where a Acceptor should")
        self.refuse("promised(a) <= b", "column 11: promised takes its arguments in [ ]")
        self.refuse("promised[a] = a", "column 15: a Ballot is compared with a Acceptor")
        self.refuse("a < a", "column 5: Acceptor has no order")
        self.refuse("promise(a, b) = b", "column 15: a relation cannot be compared")
        self.refuse(r"\A a \in q : promise(a, b)", "column 14: a has a meaning here already")
        self.refuse("prepare(b) ;", "column 12: ';' is not understood")
        self.refuse("prepare(c)", "column 9: c is unknown")
        self.refuse("", "column 1: expected more")

    def test_shown_formulas_read_back(self):
        for protocol in PROTOCOLS:
            for name, f in protocol.formula.items():
                self.assertEqual(formula(protocol, show(f), {}), f, f"{protocol.name}: {name}")

    def test_guards_do_not_read_history(self):
        register = next(p for p in PROTOCOLS if p.name == "register")
        bad = replace(register.actions[0], guards=["descends(b, b)"])
        with self.assertRaisesRegex(ModelError, "register: Prepare: guard descends.*reads history"):
            replace(register, actions=[bad])


class Decidability(unittest.TestCase):
    def test_cycles_are_refused(self):
        cyclic = toy(invariant=r"(\A a \in Node : \E b \in Ballot : seen(a, b)) /\ "
                               r"(\A b \in Ballot : \E a \in Node : seen(a, b))")
        with self.assertRaisesRegex(ModelError, "toy: not effectively propositional: Ballot -> Node -> Ballot"):
            check_decidable(cyclic, queries(cyclic))

    def test_graphs_of_all_protocols(self):
        for protocol in PROTOCOLS:
            self.assertEqual(alternation.cycle(check_decidable(protocol, queries(protocol))), [], protocol.name)


class Proving(unittest.TestCase):
    def prove(self, protocol, command=None, timeout=60.0, memory=None):
        with Solvers(command or z3.command(), timeout, 2) as solvers:
            return prove(protocol, solvers, "all", memory or Memory(None, "", ""), lambda *_: None)

    def test_a_good_protocol(self):
        result = self.prove(toy())
        self.assertEqual({o.verdict for o in result.obligations}, {PROVED})
        self.assertEqual({o.verdict for o in result.mutants}, {REFUTED})

    def test_what_is_sent_on_a_condition(self):
        about_notes = r"\A a \in Node, b \in Ballot : note(a, b) => b # 0"
        result = self.prove(replace(
            toy(), symbols=[message("note", "node : Node, ballot : Ballot", "")],
            actions=[Action("See", "a : Node, b : Ballot", guards=[], updates=["send note(a, b) when b # 0"], about="")],
            invariant=[Conjunct("Noted", about_notes, "")], safety=[Conjunct("Kept", about_notes, "")]))
        self.assertEqual({o.verdict for o in result.obligations}, {PROVED})
        self.assertIn(("See: when b # 0", REFUTED), [(o.name, o.verdict) for o in result.mutants])

    def test_a_bad_protocol(self):
        result = self.prove(toy(guards=("b # top[a]",)))
        failed = result.bad(FAILED)
        self.assertEqual([o.name for o in failed], ["See/Noted"])
        self.assertIn("the step See(a = n1, b = ", failed[0].story)
        self.assertIn("in which Noted is false for a = n1, b = ", failed[0].story)
        self.assertEqual(result.mutants, [], "there is no proof whose parts could be needed")

    def test_an_impossible_action(self):
        failed = self.prove(toy(guards=("b > top[a]", "b <= top[a]"))).bad(FAILED)
        self.assertEqual([o.story for o in failed], ["toy: See is impossible"])

    def test_a_needless_guard(self):
        failed = self.prove(toy(guards=("b > top[a]", "b > 0"))).bad(FAILED)
        self.assertEqual([o.name for o in failed], ["See: guard b > 0"])

    def test_a_needed_guard_called_spare(self):
        failed = self.prove(toy(spare="for no reason")).bad(FAILED)
        self.assertEqual([o.name for o in failed], ["See: guard b > top[a]"])

    def test_what_was_proved_is_remembered(self):
        with tempfile.TemporaryDirectory() as folder:
            def again(protocol, solver="z3"):
                result = self.prove(protocol, memory=Memory(Path(folder), "toy", solver))
                return [o for o in result.obligations + result.mutants if not o.remembered]
            first = again(toy())
            self.assertEqual({o.verdict for o in first}, {PROVED, REFUTED})
            self.assertEqual(again(toy()), [])
            self.assertEqual(len(again(toy(), "another")), len(first), "another solver may find otherwise")
            with (Path(folder) / "toy.ndjson").open("a") as torn:
                torn.write('{"key": "')
            self.assertEqual(again(toy(), "another"), [])
            bad = again(toy(guards=("b # top[a]",)), "another")
            self.assertIn(("See/Noted", FAILED), [(o.name, o.verdict) for o in bad])
            self.assertIn(("See/Noted", FAILED), [(o.name, o.verdict) for o in again(toy(guards=("b # top[a]",)), "another")],
                          "what fails is asked again")

    def test_no_answer_in_time(self):
        result = self.prove(toy(), command="sleep 100", timeout=0.05)
        self.assertEqual({o.verdict for o in result.obligations}, {INCONCLUSIVE})


class Command(unittest.TestCase):
    def run_it(self, *given):
        return subprocess.run([str(PROOF / "prove"), *given], capture_output=True, text=True)

    def test_exit_codes(self):
        self.assertEqual(self.run_it("--mutants", "none", "synod").returncode, 0)
        self.assertEqual(self.run_it("nonsense").returncode, 2)
        self.assertEqual(self.run_it("--solver", "no-such-solver", "synod").returncode, 2)
        slow = self.run_it("--solver", "sleep 100", "--timeout", "0.01", "--mutants", "none", "synod")
        self.assertEqual(slow.returncode, 3)

    def test_files_say_what_a_solver_finds(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.run_it("--smt2", folder, "--mutants", "none", "synod").returncode, 0)
            files = sorted(Path(folder).glob("synod/*.smt2"))
            self.assertEqual(len(files), len(queries(SYNOD)))
            for file in random.Random(1).sample(files, 10):
                wanted = file.read_text().split(":status ")[1].split(")")[0]
                found = subprocess.run(z3.command().split()[0:1] + [str(file)], capture_output=True, text=True).stdout
                self.assertEqual(found.strip(), wanted, file.name)


class TwoMeanings(unittest.TestCase):
    """A formula computed in a world, and its encoding in the structure of that world, are true of the same states."""

    def test_formulas(self):
        seen = set()
        for c in COMPARISONS:
            if c.protocol.name in seen or c.protocol.name not in ("synod", "recovery", "lease"):
                continue
            seen.add(c.protocol.name)
            states = list(self.walk(c.world, random.Random(7)))
            self.assertGreater(len(states), 20)
            for state in states:
                structure = structure_of(c.world, state)
                for step in c.protocol.step.values():
                    self.compare(c.world, state, structure, step)

    def walk(self, world, chance):
        """Some states along random behaviours."""
        for _ in range(3):
            state = world.initial()
            for _ in range(15):
                yield state
                following = [s for _, s in world.successors(state)]
                if following:
                    state = chance.choice(following)

    def compare(self, world, state, structure, step):
        for chosen in world.choices(step.bound):
            names = {**world.names, **chosen}
            elements = {n: name_of(world, dict(step.bound)[n], e) for n, e in chosen.items()}
            for guard in step.guards:
                try:
                    computed = world.holds(guard.formula, state, names)
                except ModelError:
                    break  # it reads what was not sent; an earlier guard is false
                encoded = structure.satisfies(encode(world.protocol, guard.formula), elements)
                self.assertEqual(computed, encoded, f"{step.action.name}: {guard.text} for {chosen}")
                if not computed:
                    break


def name_of(world, sort_name, element):
    return f"{sort_name}.{list(world.domain(sort_name)).index(element)}"


def structure_of(world, state):
    """The structure of a state: each function by the relations that stand for it."""
    protocol, true = world.protocol, set()
    elements = {s.name: tuple(name_of(world, s.name, e) for e in world.domain(s.name)) for s in protocol.sorts}
    names = {name: name_of(world, sort_name, world.names[name]) for (_, sort_name), name in protocol.constant.items()}
    for s in protocol.sorts:
        for x in world.domain(s.name):
            for y in world.domain(s.of or s.name):
                if s.of and y in x:
                    true.add((membership(s.name), (name_of(world, s.of, y), name_of(world, s.name, x))))
                if s.ordered and x <= y:
                    true.add((f"{s.name}<=", (name_of(world, s.name, x), name_of(world, s.name, y))))
    for symbol in protocol.symbol.values():
        if symbol.role == "history":
            continue
        for t in world.tuples(symbol):
            place = tuple(name_of(world, s, e) for s, e in zip(symbol.sorts, t))
            if not symbol.result:
                holds = world.static[symbol.name](*t) if symbol.static else t in state[symbol.name]
                true.update({(symbol.name, place)} if holds else ())
            elif t in state[symbol.name]:
                value = state[symbol.name][t]
                for e in world.domain(symbol.result):
                    tests = ((">=", value >= e), (">", value > e)) if protocol.sort[symbol.result].ordered else \
                        (("=", value == e),)
                    true.update((symbol.name + sign, place + (name_of(world, symbol.result, e),))
                                for sign, is_so in tests if is_so)
    return Structure(elements, names, true)


class Documents(unittest.TestCase):
    def test_side_by_side_is_current(self):
        self.assertEqual((PROOF / "side-by-side.md").read_text(), sidebyside.document(PROOF.parent),
                         "run spec/proof/correspond --document")

    def test_values(self):
        record = tlavalue.read('[a |-> {1, -2}, b |-> <<"x", TRUE>>, c |-> (p :> 1 @@ q :> 2)]')
        self.assertEqual(record["a"], frozenset({1, -2}))
        self.assertEqual(record["b"], ("x", True))
        self.assertEqual(record["c"]["q"], 2)
        for bad in ("{1", "[a |-> ]", "1 2", "(a : 1)"):
            with self.assertRaises(tlavalue.UnreadableValue):
                tlavalue.read(bad)


if __name__ == "__main__":
    unittest.main()
