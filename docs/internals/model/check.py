#!/usr/bin/env python3
"""Checks that the protocol model holds with all rules, and that it needs each of them. Exit code 1 names what is wrong.
   check.py [N]   N random seeds with all rules (50), then the seeds or the scenario of each flag
"""
import sys
sys.dont_write_bytecode = True
import nova_model as m, scenarios


def failure(seed, off):
    """the failure of a seed with these rules taken away, or None"""
    try: m.World(seed, {f: f not in off for f in m.FLAGS}).run()
    except m.Bad as bad: return str(bad)


def wrong(seeds):
    for seed in seeds:
        bad = failure(seed, [])
        if bad: yield "seed %d, all rules on: %s" % (seed, bad)
    for flag in m.FLAGS:
        if flag in scenarios.SCENARIOS:
            cases = [("scenario", lambda off: scenarios.run(flag, off))]
        else:
            cases = [("seed %d" % seed, lambda off, seed=seed: failure(seed, off)) for seed in m.SEEDS.get(flag, ())]
        if not cases: yield "rule %s: no seed and no scenario needs it" % flag
        for name, run in cases:
            if run([]): yield "rule %s, %s, all rules on: %s" % (flag, name, run([]))
            if not run([flag]): yield "rule %s, %s: passes without the rule" % (flag, name)


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    found = list(wrong(range(n)))
    for line in found: print(line)
    print("%d seeds, %d rules: %s" % (n, len(m.FLAGS), "all hold, each is needed" if not found else "%d wrong" % len(found)))
    sys.exit(1 if found else 0)
