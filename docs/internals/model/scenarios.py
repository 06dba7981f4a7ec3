#!/usr/bin/env python3
"""Scripted runs of the model, for rules that random schedules hardly ever need. Each scenario is named
after the flag without which it fails; with all rules on it passes. Run: scenarios.py
"""
import nova_model as m
from nova_model import Bad, World


class Calm:
    """Chance without chance: every step does its plain thing."""
    def random(self): return .5
    def choice(self, some): return some[0]
    def randrange(self, *bounds): return 0


class Script(World):
    def __init__(w, flags, retention):
        World.__init__(w, 0, flags)
        w.r = w.r2 = Calm(); w.R = retention; w.count = True; w.unaligned = False; w.mute = None; w.early = 0
        w.lag = 0; w.stall = None; w.lag_complete = []; w.restored = None
        w.job.subs = [([], {})]; w.job.nb = 1

    def at(w, step): w.step = w.t.step = step

    def put(w, p, ident, blk):
        w.now = max(w.now, blk); w.cid += 1; e = m.Ev(ident, blk, 0, w.cid); w.hist.append(e); w.log[p].append(e)

    def read_all(w, p):
        j = w.job
        while j.pos[p] < len(w.log[p]):
            off = j.pos[p]; e = w.log[p][off]; j.pos[p] += 1; j.was = list(j.wm)
            j.wm[p] = max(j.wm[p], e.blk); w.admit(e, p, off, False)

    def send(w, *blocks):
        """one new event for every block and partition; then reads all"""
        for blk in blocks:
            for p in range(m.P): w.put(p, w.cid + 1, blk)
        for p in range(m.P): w.read_all(p)

    def seal_all(w):
        for i in range(m.S):
            for b in sorted(w.job.sh[i].open): w.seal(i, b)
        w.deliver(True)

    def close(w, n):
        w.ctl.append(("close", n, {"force": True}))
        while w.job.hpos < len(w.ctl): w.handoff()
        for i in range(m.S): w.control(i); w.seal_closed(i)
        w.deliver(True); w.merge()

    def merge(w):
        for k in range(len(w.job.subs)):
            for _ in range(3): w.chunk(k)

    def save(w, notified=True):
        """a checkpoint; its link is in the table unless the notification waits"""
        waits = w.notify
        if not notified: w.notify = lambda last=False: None
        w.checkpoint(); w.notify = waits
        return w.job.cks[-1]

    def complete(w, n):
        g = w.t.tags[n]; rows = {n: [e for e, _ in w.t.rows(g)]}
        w.ctl.append(("complete", n, (rows, g["uuid"], g)))
        while w.job.hpos < len(w.ctl): w.handoff()
        w.control_committer()
        if w.t.completed != n: raise AssertionError("the scenario does not complete batch %d" % n)

    def zombie_of(w, act):
        """the running job goes on, believing that it is the only one; it has judged its lifecycle work"""
        j = w.job; j.plan = None; j.saw = w.t.head()["uuid"]; j.act = act; j.judged = w.judge_life(j); j.sawsid = w.t.cur
        w.zombies.append(j)

    def restore(w, ck, own, marker=True):
        if not w.allowed(ck, own): raise AssertionError("the scenario restores what is refused")
        former = w.last(w.job) if w.job.cinit else w.job.former
        w.start(ck); w.job.from_ck = ck; w.job.own = own; w.job.former = former
        if marker: w.committer_init()

    def read_table(w): w.t.rows(w.t.head())


def day(w):
    """batch 0 and a part of batch 1; a checkpoint before the close of batch 0, its links applied"""
    w.send(0, 2, 5, 6); w.seal_all(); w.merge()
    return w.save()


def handed_off(w):
    """batch 0 closed, completed and deleted; returns the checkpoint from before its close"""
    before = day(w)
    w.at(4); w.close(0); w.save(); w.at(8); w.complete(0); w.at(10); w.hourly(); w.save(); w.save()
    return before


def tag_own(w):
    """a job that made no checkpoint since its restore starts again from that savepoint"""
    before = day(w)
    w.at(4); w.close(0); w.save(); w.at(6); w.complete(0); w.save()
    w.at(10); w.restore(before, own=False)
    w.at(12); w.hourly()
    w.at(50); w.lifecycle(); w.restore(before, own=True)


def fenced_tag_drop(w):
    """the operator raises the retention and restores; the former job's drop of the tag is on its way"""
    before = handed_off(w)
    w.at(50); w.zombie_of("tags"); w.R = 160; w.restore(before, own=False)
    w.zombie()
    w.at(52); w.restore(before, own=True)


def fenced_expiry(w):
    """as above; another savepoint of the former job needs a snapshot that its expiry drops"""
    first = day(w)
    w.at(2); w.send(7); w.seal_all(); w.merge(); w.save(); w.send(8); w.seal_all(); w.merge(); w.save(); w.save()
    w.at(50); w.zombie_of("expire"); w.R = 160; w.restore(w.job.cks[-1], own=True)
    w.zombie()
    w.at(52); w.restore(first, own=False)


def fenced_remove(w):
    """as above; a savepoint has a pending link whose files the former job takes for orphans"""
    day(w)
    first = w.save(); w.at(1); w.send(7); w.seal_all(); pending = w.save(notified=False)
    w.at(2); w.restore(first, own=False)
    w.send(8); w.seal_all(); w.save(); w.save(); w.save()
    w.at(90); w.zombie_of("remove"); w.R = 160; w.restore(pending, own=False)
    w.zombie(); w.read_table()


def marker_age(w):
    """between a start's checks and its marker the savepoint leaves the retention"""
    first = day(w)
    w.at(1); w.send(7); w.seal_all(); w.merge(); w.save(); w.send(8); w.seal_all(); w.merge(); w.save(); w.save()
    w.at(29); former = w.job; w.restore(first, own=False, marker=False)
    w.at(40); starting = w.job; w.job = former; w.lifecycle(); w.job = starting
    w.committer_init()


def rely(w):
    """a savepoint that left batch 0 to the batch layer, after the withdraw of batch 0"""
    before = day(w)
    w.close(0); closed = w.save(); w.complete(0)
    w.restore(before, own=False); relies = w.save()
    w.restore(closed, own=False); w.ctl.append(("withdraw", 0, None)); w.control_committer(); w.save()
    if w.t.completed != -1: raise AssertionError("the scenario does not withdraw")
    if w.allowed(relies, False): w.restore(relies, own=False)
    w.final()


def hand_each(w):
    """batch 1 was closed on a branch that had read less than the one that closed batch 0"""
    before = day(w)
    w.send(4); w.close(0); w.save(); w.complete(0)
    w.restore(before, own=False); branch = w.save()
    w.close(1); w.save(); w.complete(1)
    w.restore(branch, own=False); w.send()


def hand_tail(w):
    """in the last window a message was the duplicate of a row of the next batch, which is decided anew"""
    before = day(w)
    w.put(0, 99, 6); w.put(1, 99, 8); w.put(1, 99, 5)
    w.read_all(0); w.read_all(1); w.close(0); w.save(); w.complete(0)
    w.restore(before, own=False); w.read_all(1); w.read_all(0)
    w.final()


# flag: the scenario and its savepoint retention, in steps
SCENARIOS = {"tag_own": (tag_own, 30), "fenced_tag_drop": (fenced_tag_drop, 30), "fenced_expiry": (fenced_expiry, 30),
             "fenced_remove": (fenced_remove, 30), "marker_age": (marker_age, 30),
             "rely": (rely, 160), "hand_each": (hand_each, 160), "hand_tail": (hand_tail, 160)}


def run(flag, off):
    """the failure of a scenario, or None"""
    scenario, retention = SCENARIOS[flag]
    try: scenario(Script({f: f not in off for f in m.FLAGS}, retention))
    except Bad as bad: return str(bad)


if __name__ == "__main__":
    for flag in SCENARIOS:
        print(flag.ljust(16), "on:", run(flag, []) or "passes", "| off:", run(flag, [flag]) or "PASSES, though it should fail", flush=True)
