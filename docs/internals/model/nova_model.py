#!/usr/bin/env python3
"""Executable model of Nova's core protocol; docs/internals/handoff.md explains the rules of the handoff.
Random schedules by seed; every rule under question is a flag: True = the rule holds, False = taken away. Run:
   check.py [N]             N seeds with all rules, and for each flag the seeds or the scenario that need it
   nova_model.py [N]        all rules on N seeds, then each flag off, with its failing seeds
   nova_model.py SEED FLAG  trace one seed with FLAG off (- for none)
"""
import copy, random, sys, collections
S, P, W, L, H, K = 2, 2, 2, 6, 8, 2   # shards, partitions, dedup window in blocks, batch length, cold horizon, K
R, DAY = 160, 40                      # savepoint retention, the orphans' extra day, in steps
MIN_AGE = 60                          # the longest query, in steps
FLAGS = ["shard_by_identity", "cold_margin", "tail_of_batch", "lowmark", "query_upper", "generation",
         "fenced_ack", "close_first", "complete_names", "restore_tail", "ctl_offset", "replace_gone", "chain_walk",
         "state_base", "fenced_commit", "withdraw_closed", "no_ttl", "withdraw_rule", "rely", "branch_check",
         "dup_before_closed", "handed_off", "branch_list", "links_kept", "superseded_age", "tag_side", "tag_retention", "tag_moves",
         "retag_guard", "pending_kept", "fenced_props", "marker_checks",
         "lag_bound", "hand_each", "hand_tail", "knows",
         "fenced_delete", "fenced_tag_drop", "fenced_expiry", "tag_own", "min_age",
         "prune_knows", "prune_hand", "prune_list", "prune_lineage", "marker_age", "fenced_remove",
         "close_slowest", "silent_holds", "empty_free", "no_successor", "judge_once", "tag_each", "left_once", "retire_revives", "low_kept",
         "marker_shard", "marker_all", "marker_min", "marker_resent", "marker_gen", "merged_all", "merged_anew", "count_merged", "count_small", "sealed_all", "topic_id",
         "close_again", "retire_at"]
# flag: seeds that fail without it and pass with all rules on; the other flags have a scenario in scenarios.py.
# When the schedule changes, look for new ones: nova_model.py 4000 lists them.
SEEDS = {"shard_by_identity": [0, 1], "cold_margin": [55, 94], "tail_of_batch": [27, 33], "lowmark": [1, 2], "query_upper": [1, 2],
         "generation": [176, 216], "fenced_ack": [63, 255], "close_first": [0, 1], "complete_names": [0, 30], "restore_tail": [9, 10],
         "ctl_offset": [9, 10], "replace_gone": [374, 551], "chain_walk": [0, 5], "state_base": [0, 3], "fenced_commit": [21, 88],
         "withdraw_closed": [9, 16], "no_ttl": [2, 3], "withdraw_rule": [4, 9], "branch_check": [1087, 2275], "dup_before_closed": [0, 1],
         "handed_off": [9, 10], "branch_list": [1, 9], "links_kept": [4, 7], "superseded_age": [221, 414], "tag_side": [35, 38],
         "tag_retention": [30, 242], "tag_moves": [3, 54], "retag_guard": [9, 30], "pending_kept": [0, 2], "fenced_props": [127, 141],
         "marker_checks": [10, 32], "lag_bound": [529, 2269], "knows": [1, 4], "fenced_delete": [141, 336], "min_age": [564, 592],
         "prune_knows": [447, 564], "prune_hand": [623], "prune_list": [36], "prune_lineage": [9, 10], "close_slowest": [4, 5],
         "silent_holds": [0, 2], "empty_free": [7, 11], "no_successor": [1, 5], "judge_once": [7, 19], "tag_each": [26, 27],
         "left_once": [8, 27], "retire_revives": [13, 21], "low_kept": [10, 18], "marker_shard": [5, 24], "marker_all": [5, 11],
         "marker_min": [720, 1794], "marker_resent": [58, 115], "marker_gen": [86, 115], "merged_all": [1, 34],
         "merged_anew": [1231, 1261], "count_merged": [13, 17], "count_small": [22, 118], "sealed_all": [3, 16], "topic_id": [3, 4], "close_again": [1566, 2481],
         "retire_at": [9, 12]}
Ev = collections.namedtuple("Ev", "ident blk user cid at", defaults=(None,))   # at: the message that was admitted

def snapjob(j):
    """the cut that a checkpoint holds"""
    n = Job()
    for k in ("ctl", "lastuuid", "base", "cmt_closed", "rely", "lineage", "full", "hand", "knows", "tid", "hpos", "hclosed", "lowmax"): setattr(n, k, getattr(j, k))
    n.pos = list(j.pos); n.wm = list(j.wm); n.shctl = list(j.shctl); n.pending = list(j.pending)
    n.waiting = list(j.waiting); n.retired = dict(j.retired); n.off = set(j.off); n.left = set(j.left); n.exlow = dict(j.exlow); n.why = dict(j.why)
    n.subs = [(list(fs), dict(seen)) for fs, seen in j.subs]; n.chan = {k: list(v) for k, v in j.chan.items()}
    n.merged = dict(j.merged); n.cseal = dict(j.cseal); n.gen = getattr(j, "gen", 0)
    for a, b in zip(j.sh, n.sh):
        b.marked = a.marked
        b.open = {k: list(v) for k, v in a.open.items()}; b.sealed = list(a.sealed); b.last = a.last; b.dropped = a.dropped
        b.cold = {k: set(v) for k, v in a.cold.items()}; b.front = a.front; b.closed = a.closed; b.adm = list(a.adm)
        b.cnt = [list(x) for x in a.cnt]; b.rej = dict(a.rej); b.tail = list(a.tail); b.floor = a.floor
    return n

class Bad(Exception): pass

class Table:
    def __init__(t):
        t.snaps = {0: dict(sid=0, parent=None, uuid=0, gen=0, files=frozenset(), seqs=(0,)*S, closed=-1, lineage=(), full=(), lst=(), at=0, sup=None)}
        t.all = dict(t.snaps); t.ever = set(); t.left = {}; t.step = 0; t.dropped = -1; t.delat = {}   # oracle: every snapshot there ever was
        t.cur = 0; t.files = {}; t.n = 0
        t.completed = -1; t.ctl_off = -1; t.tags = {}; t.seen = -1; t.deleted = -1     # properties, outside snapshots
    def head(t): return t.snaps[t.cur]
    def add(t, **kw):
        t.n += 1; s = dict(t.head()); s.update(kw); s["sid"] = t.n; s["parent"] = t.cur; s["at"] = t.step
        t.snaps[t.n] = t.all[t.n] = s; t.move(t.n)
    def move(t, sid):
        old = t.head(); old["sup"] = t.step; t.cur = sid; t.head()["sup"] = None
        t.left.update((f, t.step) for f in old["files"] - t.head()["files"])
    def anc(t, start=None, truth=False):
        """a walk over the retained snapshots ends at the first expired one"""
        x = t.cur if start is None else start; m = t.all if truth else t.snaps
        while x in m: yield m[x]; x = m[x]["parent"]
    def rows(t, snap):
        if any("gone" in t.files[f] for f in snap["files"]): raise Bad("a reader meets a missing file")
        return [(e, s) for f in snap["files"] for (e, s) in t.files[f]["rows"]]

class Shard:
    def __init__(s):
        s.open = {}; s.sealed = []; s.last = 0; s.dropped = 0
        s.cold = {}; s.front = 0; s.closed = -1; s.adm = []; s.cnt = [[0, 0, 0, 0] for _ in range(P)]   # admitted, duplicate, rejected, handed off
        s.marked = -1                                      # its blocks are sealed, and said to be, up to this batch
        s.tail = []; s.floor = -9; s.rej = {}    # floor: fingerprints are whole from this block on; (p,off) -> reason ; oracle

class Job:
    def __init__(j):
        j.pos = [0]*P; j.wm = [-1]*P; j.idle = [False]*P
        j.sh = [Shard() for _ in range(S)]; j.ctl = 0; j.shctl = [0]*S   # shctl: into the decisions
        j.tid = 0; j.hpos = 0; j.hclosed = -1; j.dec = []   # HandoffOperator: topic id, position, decisions for the shards
        j.waiting = []                                      # closes taken by an earlier generation: (batch, place in the topic)
        j.retired = {}; j.off = set(); j.left = set(); j.lowmax = -9; j.exlow = {}; j.why = {}   # why: batch -> (partitions that its close did not count, forced); exlow: oracle
        j.subs = [([], {})]; j.chan = {}; j.nb = 1          # chunk subtasks: block files, sealed up to; channels (shard, subtask)
        j.merged = {}; j.cseal = {}                         # committer: merged up to by subtask, sealed up to by shard
        j.files = []            # adds since last checkpoint (in flight to the committer)
        j.repl = []             # replaces since last checkpoint
        j.lastuuid = 0; j.base = 0; j.pending = []   # committer state
        j.cmt_closed = -1; j.rely = -1; j.lineage = (); j.full = (); j.hand = {}   # completed batch -> offsets of its closing link
        j.knows = ()                                       # (batch, uuid of the closing link): closed here or honored at a restore

class World:
    def __init__(w, seed, flags, trace=False):
        w.r = random.Random(seed); w.F = flags; w.trace = trace
        w.log = [[] for _ in range(P)]; w.now = 0; w.ctl = []; w.t = Table(); w.uu = 0; w.gen = 0
        w.zombies = []; w.nbr = 0; w.nw = w.nwref = w.nz = 0; w.hist = []; w.cks = []; w.job = None; w.queries = []; w.batch = {}; w.fid = 0; w.cid = 0
        w.batch_ids = 0; w.ann = []; w.nq = w.nret = w.nrest = w.nroll = w.ncomp = 0
        w.told = {}; w.handed = set(); w.step = 0; w.nage = w.nexp = w.ngone = w.nhand = w.nlate = w.nzp = w.nagain = 0; w.lag = w.r.choice([0, .5, .9])
        w.early = w.r.choice([.5, .9]); w.pown = w.r.choice([.6, .3]); w.delay = w.r.choice([0, 3]); w.keen = w.r.choice([40, 15]); w.pfail = w.r.choice([0, .02])   # what kind of run
        w.r2 = random.Random(seed + .5); w.holds = []; w.ckat = {}; w.nzl = w.nref = w.nforce = w.nret2 = w.nmake = w.ntag = 0
        w.R = w.r2.choice([R]*4 + [MIN_AGE // 2]); w.count = w.r2.random() < .5; w.unaligned = w.r2.random() < .4   # retention; who knows that a batch is merged; checkpoints
        w.mute = w.r2.choice([None]*5 + [1]); w.unmute = w.r2.choice([9999, 250]); w.topic = 0; w.judged = set(); w.taken = {}; w.refused = set(); w.retireat = {}; w.firstret = {}; w.r2.random()
        w.r3 = random.Random(seed + .25); w.small = w.count and w.r3.random() < .5   # small chunks wait and are merged again
        w.start(None)
    def say(w, *a):
        if w.trace: print(*a)
    # ---------- producers
    def produce(w):
        r = w.r
        if r.random() < .25: w.now += 1
        x = r.random(); p = r.randrange(P)
        if p == w.mute and w.step < w.unmute: p = 0        # a partition that holds no record at all
        if x < .55 or not w.hist:
            w.cid += 1; e = Ev(w.cid, w.now, r.randrange(4), w.cid)
        elif x < .75:                                             # bus re-sends, minutes or hours later
            e = r.choice(w.hist[-60:])
        else:                                                     # client retry, may carry a user id by now
            o = r.choice(w.hist[-12:]); w.cid += 1
            e = Ev(o.ident, min(w.now, o.blk + r.randrange(4)), o.user if r.random() < .7 else r.randrange(4), w.cid)
        w.hist.append(e); w.log[p].append(e)
    def shard(w, e): return (e.ident*7919 >> 1) % S if w.F["shard_by_identity"] else e.user % S
    # ---------- job life
    def start(w, ck):
        j = w.job = Job() if ck is None else snapjob(ck)
        w.gen += 1; j.gen = w.gen; j.cinit = False; j.idle = [False]*P; j.done = 0; j.acked = set(); j.cks = []
        j.files = []; j.repl = []; j.comp = w.t.completed; j.dec = []; j.shctl = [0]*S
        w.rescale(j)
        if j.tid != w.topic:                                # made again, and accepted by an option of the start
            j.tid = w.topic
            if w.F["topic_id"]: j.hpos = j.ctl = 0
        for s in j.sh:
            if w.F["marker_resent"]: s.marked = -1           # said again before any record
        if ck is None: j.cinit = True; w.t.add(gen=w.gen)
        for s in j.sh: s.dropped = min(s.dropped, s.last)
        c = w.t.completed
        if not w.F["no_ttl"] and w.r.random() < .2:              # stopped for longer than the TTL
            for s in j.sh: s.cold = {}
        for i, s in enumerate(j.sh):
            if c > s.closed and ck is not None:
                tags = {n: g for n, g in w.t.tags.items() if s.closed < n <= c}; s.closed = c
                j.knows = tuple(x for x in j.knows if x[0] not in tags) + tuple((n, g["uuid"]) for n, g in tags.items())
                if w.F["restore_tail"]:
                    j.rely = c
                    snap = w.t.tags[c]; lim = (c+1)*L; s.floor = max(s.floor, lim - W); j.hand = {**(j.hand if w.F["hand_each"] else {}), **{n: g["pos"] for n, g in tags.items() if w.F["hand_each"] or n == c}}
                    for b in [b for b in s.open if b < lim]: del s.open[b]
                    s.sealed = [q for q in s.sealed if q[1] >= lim]
                    s.adm = [e for e in s.adm if e.blk >= lim]
                    for b in [b for b in s.cold if b < lim]: del s.cold[b]
                    s.tail = s.tail + [e for n, g in tags.items() for e, si in w.t.rows(g) if si == i and e.blk >= (n+1)*L - W and e.blk//L == n]
                    for e, si in w.t.rows(snap):
                        if si == i and lim - W <= e.blk < lim: s.cold.setdefault(e.blk, set()).add(e.ident)
        w.say("START gen", j.gen, "pos", j.pos)
    def rescale(w, j):
        """BlockOperator and ChunkOperator get another parallelism; union list state, every new subtask reads all"""
        c = w.r2.choice([1, 2, 3]); j.nb = w.r2.choice([1, S]); old = j.subs; keys = {k for _, seen in old for k in seen}
        pick = min if w.F["marker_min"] else max
        seen = {k: pick(x.get(k, -1) for _, x in old) for k in keys}
        j.subs = [([], dict(seen)) for _ in range(c)]
        for fs, _ in old:
            for f in fs: j.subs[w.r2.randrange(c)][0].append(f)
        chan = {}
        for (i, k), msgs in sorted(j.chan.items()):         # records in flight that an unaligned checkpoint holds
            for m in msgs: chan.setdefault((i, (k if m[0] == "mark" else w.r2.randrange(c)) % c), []).append(m)
        j.chan = chan
        if w.F["merged_anew"]: j.merged = {}
    def fence(w): return w.F["generation"]
    def committer_init(w):
        j = w.job; t = w.t
        if j.cinit: return
        again = w.F["marker_age"] and hasattr(j, "from_ck") and not w.allowed(j.from_ck, j.own, j)   # too old by now, or its tag went
        if w.F["marker_checks"] and t.completed != j.comp or again:     # an order of the former generation came between the start's checks and its marker
            w.nagain += 1
            former = j.former                                  # the last checkpoint of the job whose order it was
            ck = next((c for c, o in [(j.from_ck, j.own), (former, True)] + [(c, False) for c in reversed(w.cks)] if w.allowed(c, o, j if c is j.from_ck else None)), None)
            if ck is None: raise Bad("no savepoint can be restored")
            w.start(ck); w.job.from_ck = ck; w.job.own = True; w.job.former = former; j = w.job
        chain = ([j.base] if w.F["state_base"] else []) + [c["uuid"] for c in j.pending]
        found = None
        cand = reversed(chain) if w.F["chain_walk"] else chain[-1:]
        for u in cand:
            ss = [x for x in t.snaps.values() if x["uuid"] == u]
            if ss:
                found = max(ss, key=lambda x: x["sid"]); break
        if found is None:
            if chain: raise Bad("stuck: restored uuid not among the retained snapshots")
        else:
            if t.cur not in [found["sid"]]:
                if found["uuid"] != t.head()["uuid"]: w.nroll += 1; w.say("ROLLBACK to uuid", found["uuid"])
                t.move(found["sid"])
            if found["uuid"] in [c["uuid"] for c in j.pending]:
                i = [c["uuid"] for c in j.pending].index(found["uuid"]); j.pending = j.pending[i+1:]
                j.base = found["uuid"]
        j.cinit = True
        if w.F["generation"] : t.add(gen=j.gen)            # restore marker, carries the chain uuid and sequences
        if w.F["tag_moves"]:                               # tags of the abandoned branch go, those of this one come back
            h = t.head(); t.tags = {n: g for n, g in t.tags.items() if n <= t.completed or (n, g["uuid"]) in h["lst"]}
            for n, u in h["lst"]:
                if n > t.completed and n not in t.tags: x = [x for x in t.anc(None, True) if x["uuid"] == u][-1]; w.tag(n, x)
        for c in list(j.pending): w.apply(c)
        j.pending = []
    def apply(w, c):
        t = w.t; h = t.head(); j = w.job
        if h["uuid"] == c["uuid"]: j.base = c["uuid"]; return
        if h["uuid"] != c["parent"]: raise Bad("stuck: second writer is alive (head %s parent %s)" % (h["uuid"], c["parent"]))
        f = set(h["files"])
        if any("gone" in t.files[x] for x in list(c["adds"]) + [o for _, o in c["repl"]]): raise Bad("a commit names a missing file")
        for a in c["adds"]: f.add(a)
        for ins, out in c["repl"]:
            if not set(ins) <= f:
                if w.F["replace_gone"]: continue           # its batch has left: drop the replace
                raise Bad("stuck: replace of files that left with their batch")
            f -= set(ins); f.add(out)
        if any(h["closed"] >= t.files[x]["batch"] > t.completed for _, x in c["repl"] if x in f - set(h["files"])): raise Bad("a link changes a closed batch")
        t.add(uuid=c["uuid"], gen=j.gen if w.F["generation"] else 0, files=frozenset(f), seqs=c["seqs"], closed=c["closed"], lineage=c["lineage"], full=c["full"], pos=c["pos"],
              lst=tuple(x for x in h["lst"] if x[0] > (t.deleted if w.F["prune_list"] else t.completed)) + tuple((n, c["uuid"]) for n in range(h["closed"]+1, c["closed"]+1) if n > t.completed or not w.F["retag_guard"]))
        for n in range(h["closed"]+1 if w.F["tag_each"] else max(h["closed"]+1, c["closed"]), c["closed"]+1):      # the closing link; a batch completed on the former branch keeps its tag
            if n > t.completed or not w.F["retag_guard"]: w.tag(n, t.head(), c)
        t.ever |= f; j.base = c["uuid"]; w.say("COMMIT", c["uuid"], c["seqs"])
    def tag(w, n, link, c=None):
        """link: the closing link; the files are those of the head, which holds the batch whole"""
        h = w.t.head()
        w.t.tags[n] = dict(uuid=link["uuid"], sid=link["sid"], lineage=link["lineage"], full=link.get("full", ()), pos=link["pos"],
                           files=frozenset(f for f in h["files"] if w.t.files[f]["batch"] == n or not w.F["tag_side"]))
        w.ntag += 1
        if c is None: return
        mine = [f for f in h["files"] if w.t.files[f]["batch"] == n]
        if any(not w.t.files[f].get("chunk") for f in mine): raise Bad("a tag names a block file: its batch is not merged")
        if {e.cid for f in mine for e, _ in w.t.files[f]["rows"]} != c["rows"].get(n, set()): raise Bad("a tag without all rows of its batch")
    def descends(w, n, uuid):
        """does the head hold batch n as that closing link closed it?"""
        t = w.t; truth = any(x["uuid"] == uuid and x["closed"] >= n for x in t.anc(None, True))
        if not w.F["close_first"]: return truth
        ok = (n, uuid) in t.head()["lst"] if w.F["branch_list"] else any(x["uuid"] == uuid and x["closed"] >= n for x in t.anc())
        if ok != truth: raise Bad("descent misjudged: a complete or withdraw wrongly %s" % ("taken" if ok else "refused"))
        return ok
    # ---------- progress of the partitions
    def counted(w, leave=(), closing=False):
        j = w.job; leave = set(leave) | (j.left if closing and not w.F["left_once"] else set())
        for p in range(P):
            if w.F["empty_free"] and not w.log[p]: continue          # it holds no record at all
            if p in j.off or p in leave: continue
            if closing and not w.F["silent_holds"] and j.idle[p]: continue
            yield p
    def low(w):
        """the slowest partition; never falls, though a partition may come or come back"""
        j = w.job; x = min((j.wm[p] for p in w.counted()), default=-9)
        j.lowmax = max(j.lowmax, x)
        return j.lowmax if w.F["low_kept"] else x
    def leaves(w, p):
        """a retired partition counts until it is read up to its retirement"""
        j = w.job
        if j.pos[p] >= j.retired.get(p, 10**9): j.off.add(p)
    def judge_close(w, n, opts):
        """whether a close is taken: (partitions that it did not count, forced), or None"""
        j = w.job; force, leave = opts.get("force"), set(opts.get("leave", ()))
        if w.F["no_successor"] and max(j.wm) // L < n: return None       # nobody has reached it: not even by force
        if not force and w.F["close_slowest"]:
            ps = list(w.counted(leave, True))
            if not ps or min(j.wm[p] for p in ps) < (n+1)*L: return None
        j.left |= set(opts.get("leave", ()))
        return leave, bool(force)
    def handoff(w):
        """HandoffOperator: the only reader of the topic, judges once; the shards get its decisions"""
        j = w.job
        for n, key in list(j.waiting):                      # the answer names what had been read when the close was taken
            why, pos = w.taken[key]
            if n <= j.hclosed or all(j.pos[p] >= pos[p] for p in range(P)): j.waiting.remove((n, key)); w.decide(n, why, True)
        if j.hpos < len(w.ctl):
            kind, n, ref = w.ctl[j.hpos]; key = (w.topic, j.hpos); w.judged.add(key); j.hpos += 1
            if kind == "close" and not w.F["judge_once"]: j.dec.append((kind, n, ref))
            elif kind == "close" and key in w.taken and w.F["close_again"]: j.waiting.append((n, key))
            elif kind == "close" and key in w.refused and w.F["close_again"]: pass     # its first answer stands
            elif kind == "close":
                why = w.judge_close(n, ref or {})
                if why is None: w.nref += 1; w.refused.add(key)
                else:
                    w.nforce += why[1]; w.decide(n, why); w.taken.setdefault(key, (w.noted(why), list(j.pos)))
            elif kind == "retire":
                at = w.retireat.setdefault(key, j.pos[n]); w.nret2 += 1; w.firstret[n] = min(at, w.firstret.get(n, at))
                if not w.F["retire_at"]: j.retired[n] = j.pos[n]
                elif j.pos[n] <= at: j.retired[n] = at      # else it has spoken again already
                w.leaves(n)
            else: j.dec.append((kind, n, ref))
        elif w.F["close_first"]:                            # by itself
            n = j.hclosed + 1; ps = list(w.counted(closing=True))
            if ps and min(j.wm[p] for p in ps) >= (n+1)*L + 2: w.decide(n, (set(), False))
    def noted(w, why):
        """oracle: what the close did not count, whether forced, and the batch that the fastest partition had reached"""
        j = w.job
        return why[0] | j.off | {p for p in range(P) if not w.log[p]}, why[1], max(j.wm) // L
    def decide(w, n, why, again=False):
        j = w.job; why = why if again else w.noted(why)
        for m in range(j.hclosed+1, n+1): j.why[m] = why
        j.hclosed = max(j.hclosed, n); j.dec.append(("close", n, None))
    # ---------- operators
    def read(w):
        j = w.job; p = w.r.randrange(P)
        if w.stall == p and w.r.random() < .97: return
        for _ in range(w.r.randrange(1, 6)):
            if j.pos[p] >= len(w.log[p]): return
            off = j.pos[p]; e = w.log[p][off]; j.pos[p] += 1
            late_own = e.blk < j.wm[p] - H
            j.was = list(j.wm)                              # oracle: progress before this event
            j.wm[p] = max(j.wm[p], e.blk); j.idle[p] = False
            if off == 0 or p in j.off and off >= w.firstret[p]: j.exlow[p] = j.lowmax    # oracle: records from here on may come late
            if p in j.off and w.F["retire_revives"]: del j.retired[p]; j.off.discard(p)   # it speaks again, so it counts again
            w.admit(e, p, off, late_own); w.leaves(p)
    def know(w, s, b):
        k = set(s.cold.get(b, ()))
        if b in s.open: k |= {e.ident for e in s.open[b]}
        return k
    def admit(w, e, p, off, late_own):
        j = w.job; s = j.sh[w.shard(e)]
        bound = w.low() if w.F["lowmark"] else s.front
        hand = [n for n, pos in j.hand.items() if e.blk//L <= n and off < pos[p]] if w.F["handed_off"] else []
        # in the last window it may have been the duplicate of a row of the next batch, which is decided anew
        if hand and (not w.F["hand_tail"] or e.blk + W < (max(hand)+1)*L or any(x.ident == e.ident and abs(x.blk - e.blk) <= W for x in s.tail)):
            s.cnt[p][3] += 1; w.nhand += 1; w.handed.add((p, off)); return
        if e.blk//L <= s.closed:
            here = any(e.ident in w.know(s, b) for b in range(e.blk - W, e.blk + W + 1))
            done = [x for m, rows in w.batch.items() if m <= w.t.completed for x in rows]
            copy = any(x.ident == e.ident and abs(x.blk - e.blk) <= W for x in s.adm + s.tail + done)
            if here and not copy: raise Bad("a duplicate of nothing")
            if here and w.F["dup_before_closed"]: s.cnt[p][1] += 1; return
            live = j.cinit or w.t.completed == j.comp          # else this attempt ends before it can publish anything
            if live and copy and e.blk - W >= s.floor: raise Bad("late-listed as new though an admitted copy is there")   # below: marked "may be a copy"
            if live and any(x.at == (p, off) for x in done): raise Bad("late-listed though this very message was handed off")
            w.may_refuse(e, p, s)
            s.cnt[p][2] += 1; s.rej[(p, off)] = w.told[(p, off)] = "batch"; w.nlate += 1; return
        if e.blk < bound - H:
            s.cnt[p][2] += 1; s.rej[(p, off)] = w.told[(p, off)] = "late"
            if not late_own and e.blk >= j.exlow.get(p, -9) - H: raise Bad("refused only because another partition was read faster / idle by wall clock")
            return
        dup = any(e.ident in w.know(s, b) for b in range(e.blk - W, e.blk + W + 1))
        if dup != any(x.ident == e.ident and abs(x.blk - e.blk) <= W for x in s.adm + s.tail):
            raise Bad("decision differs from the oracle (hot/cold tiers incomplete)")
        if dup: s.cnt[p][1] += 1; return
        e = e._replace(at=(p, off)); s.open.setdefault(e.blk, []).append(e); s.adm.append(e); s.cnt[p][0] += 1
    def may_refuse(w, e, p, s):
        """oracle: a close takes rows only from partitions past the batch, left out, retired or forced"""
        j = w.job; n = e.blk // L
        if n <= j.comp or n not in j.why: return            # the batch layer has it
        left, forced, reached = j.why[n]
        if n > reached: raise Bad("a close takes a batch that no partition had reached")
        if forced: return
        if p in left or e.blk < j.exlow.get(p, -9) or j.was[p] >= (n+1)*L: return
        raise Bad("a close without force takes rows of a partition that had not passed the batch")
    def seal(w, i, b):
        j = w.job; s = j.sh[i]; rows = s.open.pop(b); s.last += 1
        s.cold.setdefault(b, set()).update(e.ident for e in rows)
        s.sealed.append((s.last, b, rows)); w.fid += 1
        w.t.files[w.fid] = dict(batch=b//L, rows=[(e, i) for e in rows], fid=w.fid, at=w.step)
        j.files.append(w.fid); j.chan.setdefault((i, w.r2.randrange(len(j.subs))), []).append(("file", w.fid))
    def seal_closed(w, i):
        """seals the blocks of closed batches; then says so, after their files"""
        j = w.job; s = j.sh[i]
        for b in sorted(s.open):
            if b//L <= s.closed: w.seal(i, b)
        if s.marked >= s.closed: return
        s.marked = s.closed; j.cseal[i] = s.closed
        for k in range(len(j.subs)): j.chan.setdefault((i, k), []).append(("mark", i if w.F["marker_shard"] else i % j.nb, s.closed, j.gen))
    def deliver(w, all_of_it=False):
        j = w.job
        while True:
            full = [c for c, m in sorted(j.chan.items()) if m]
            if not full: return
            c = w.r2.choice(full); m = j.chan[c].pop(0); fs, seen = j.subs[c[1]]
            if m[0] == "file": fs.append(m[1])
            elif m[3] == j.gen or not w.F["marker_gen"]: seen[m[1]] = max(seen.get(m[1], -1), m[2])
            if not all_of_it: return
    def sealed_up(w, seen):
        j = w.job; keys = range(S) if w.F["marker_shard"] else range(j.nb)
        return (min if w.F["marker_all"] else max)(seen.get(k, -1) for k in keys)
    def progress(w):
        j = w.job
        act = [j.wm[p] for p in range(P) if not j.idle[p]]
        if not act: return
        m = min(act)
        for i, s in enumerate(j.sh):
            s.front = max(s.front, m)
            for b in sorted(s.open):
                if s.front >= b + 1 + W and w.r.random() < .8 or w.r.random() < .03: w.seal(i, b)  # .03: memory ceiling
            low = (w.low() if w.F["lowmark"] else s.front) - H - (W if w.F["cold_margin"] else 0)
            for b in [b for b in s.cold if b < low]: del s.cold[b]
            s.floor = max(s.floor, low)
            if s.closed >= 0 and w.r.random() < .2:             # may forget early what a closed batch held
                low = (s.closed+1)*L - (W if w.F["tail_of_batch"] else 0)
                for b in [b for b in s.cold if b < low]: del s.cold[b]
                s.floor = max(s.floor, low)
    def poll(w, i):
        j = w.job; s = j.sh[i]; h = w.t.head()
        if w.F["fenced_ack"] and h["gen"] != j.gen: return
        q = h["seqs"][i]
        s.sealed = [x for x in s.sealed if x[0] > q]; s.dropped = max(s.dropped, min(q, s.last))
    def chunk(w, k=None):
        """a subtask merges K files of a batch, and all it holds of a closed one; then it says merged up to n. A small chunk waits like a block file"""
        j = w.job; k = w.r2.randrange(len(j.subs)) if k is None else k; fs, seen = j.subs[k]; by = collections.defaultdict(list)
        up = j.hclosed if w.count else w.sealed_up(seen)    # by count the decision is a mere hint
        up = max(up, j.comp)
        for f in fs: by[w.t.files[f]["batch"]].append(f)
        for b, some in sorted(by.items()):
            if len(some) >= K or b <= up:
                if any("gone" in w.t.files[f] for f in some): raise Bad("a merge meets a missing file")
                w.fid += 1
                w.t.files[w.fid] = dict(batch=b, rows=[x for f in some for x in w.t.files[f]["rows"]], fid=w.fid, at=w.step, chunk=True)
                j.repl.append((tuple(some), w.fid)); fs[:] = [f for f in fs if f not in some]
                if w.small and b > up and w.r3.random() < .6: fs.append(w.fid)
        j.merged[k] = up if not w.count else -1
    def merged_up(w):
        """the committer: up to which batch all is in its link, sealed and merged"""
        j = w.job
        if w.count:
            up = (min if w.F["sealed_all"] else max)(j.cseal.get(i, -1) for i in range(S))
            if w.F["count_merged"]:                         # adds less merges, by batch: a count in its state
                wait = [w.t.files[f]["batch"] for fs, _ in j.subs for f in fs if w.F["count_small"] or not w.t.files[f].get("chunk")] + [w.t.files[m[1]]["batch"] for c in j.chan.values() for m in c if m[0] == "file"]
                wait = [b for b in wait if b > j.comp]      # what was handed off at the start waits for nobody
                if wait: up = min(up, min(wait) - 1)
            return up
        subs = range(len(j.subs))
        return min((j.merged.get(k, -1) for k in subs)) if w.F["merged_all"] else max(j.merged.get(k, -1) for k in subs)
    def control(w, i):
        j = w.job; s = j.sh[i]
        while j.shctl[i] < len(j.dec):
            kind, n, ref = j.dec[j.shctl[i]]; j.shctl[i] += 1
            if kind == "withdraw" and not w.F["withdraw_closed"]: s.closed = min(s.closed, n-1)   # reopens the batch
            if kind == "close" and not w.F["judge_once"]:
                why = w.judge_close(n, ref or {})
                if why is None: continue
                for m in range(j.hclosed+1, n+1): j.why[m] = w.noted(why)
                j.hclosed = max(j.hclosed, n)
            if kind == "close" or kind == "complete" and not w.F["close_first"]: s.closed = max(s.closed, n)
        if w.r2.random() < .7: w.seal_closed(i)
    def control_committer(w):
        j = w.job; t = w.t
        if not j.cinit: return
        while j.ctl < len(w.ctl):
            off = j.ctl; j.ctl += 1
            if w.F["ctl_offset"] and off <= t.ctl_off: continue
            w.props(j, off, w.judge(off))
    def judge(w, off):
        """what this record asks of the properties, judged on the metadata read now"""
        t = w.t; kind, n, ref = w.ctl[off]
        if kind == "complete" and (n == t.completed + 1 or not w.F["complete_names"]) and n > t.completed and (not w.F["complete_names"] or w.descends(n, ref[1])): return "complete"
        if kind == "withdraw" and n == t.completed:
            if off <= t.seen: raise Bad("completed number falls by a replayed withdraw")
            if not w.F["withdraw_rule"]: return "withdraw"
            # only before the deletion and while the head descends from the closing link that was read
            if t.deleted >= n or not w.descends(n, t.tags[n]["uuid"]): w.nwref += 1; return None
            return "withdraw"
    def props(w, j, off, do):
        """one transaction: properties plus an empty append, which repeats the chain's uuid"""
        t = w.t; kind, n, ref = w.ctl[off]; h = t.head()
        if w.F["ctl_offset"]: t.ctl_off = off
        t.seen = max(t.seen, off)
        if do == "complete":
            if w.F["complete_names"] and w.F["close_first"] and not w.descends(n, ref[1]): raise Bad("completed what the head does not hold")
            t.completed = n; t.tags[n] = ref[2]; w.ncomp += 1
            for m, rows in ref[0].items(): w.batch[m] = rows
            w.say("COMPLETE", n)
        elif do == "withdraw":
            if t.deleted >= n: raise Bad("withdraws a batch whose rows are gone")
            if n != t.completed: raise Bad("withdraws another batch than the last")
            t.completed = n-1; w.nw += 1; w.say("WITHDRAW", n)
            if not w.F["withdraw_rule"]:
                keep = {f for f in h["files"] if t.files[f]["batch"] != n} | {f for f in t.tags[n]["files"] if t.files[f]["batch"] == n}
                t.add(files=frozenset(keep)); return
        if do and w.F["fenced_props"]: t.add()
    def hourly(w):
        j = w.job; t = w.t
        if not j.cinit: return
        h = t.head(); keep = frozenset(f for f in h["files"] if t.files[f]["batch"] > t.completed)
        if w.r.random() < .5: return              # grace period
        if keep != h["files"]: t.add(files=keep)
        for n in range(t.deleted+1, t.completed+1): t.delat[n] = w.step
        t.deleted = max(t.deleted, t.completed)
    def long_query(w):
        """a query or batch load that pinned the head's files and reads them until its end"""
        w.holds = [(q, end) for q, end in w.holds if w.step <= end]
        if any("gone" in w.t.files[f] for q, _ in w.holds for f in q): raise Bad("a long query meets a missing file")
        if w.r2.random() < .03: w.holds.append((frozenset(w.t.head()["files"]), w.step + MIN_AGE - 1 - w.r2.randrange(MIN_AGE // 2)))
    def prune(w):
        """drops what no later start, order or message can ask for; a rule that is off drops too early"""
        j = w.job; t = w.t; F = w.F
        j.knows = tuple(x for x in j.knows if x[0] >= (min([t.deleted, *t.tags]) if F["prune_knows"] else t.deleted))
        j.hand = {n: pos for n, pos in j.hand.items() if (any(j.pos[p] < pos[p] for p in range(P)) if F["prune_hand"] else n > t.deleted)}
        old = j.lineage[:-K]; limit = w.step - (w.R if F["prune_lineage"] else w.R // 4)
        j.lineage = tuple(c for c in old if w.ckat[c] >= limit) + j.lineage[-K:]
    def lifecycle(w):
        """the committer drops tags, expires snapshots, removes files"""
        j = w.job; t = w.t; F = w.F
        if not j.cinit: return
        for n in list(t.tags):
            if w.tag_may_go(n, j): del t.tags[n]; t.dropped = max(t.dropped, n)
        links = w.links(j)
        for sid in list(t.snaps):
            if w.snap_may_go(sid, links) and w.r.random() >= .3: del t.snaps[sid]; w.nexp += 1
        for f in list(w.files_may_go(j)): w.remove(f)
    def remove(w, f):
        if "gone" not in w.t.files[f]: w.t.files[f]["gone"] = True; w.ngone += 1
    def files_may_go(w, j):
        t = w.t; F = w.F; named = set().union(*(x["files"] for x in t.snaps.values()))
        for n, g in t.tags.items():
            if any(t.files[f]["batch"] != n and f not in named for f in g["files"]): raise Bad("a tag holds files of other batches")
            named |= g["files"]
        state = set(j.files) | {f for fs, _ in j.subs for f in fs} | {m[1] for c in j.chan.values() for m in c if m[0] == "file"} | {o for _, o in j.repl}
        for c in j.pending + [x for k in w.lastk(j) for x in k.pending]: state |= set(c["adds"]) | {o for _, o in c["repl"]}
        for f, d in t.files.items():
            if f in named or "gone" in d: continue
            if F["pending_kept"] and (f in state or f not in t.ever and w.step - d["at"] <= w.R + DAY): continue
            if F["min_age"] and w.step - t.left.get(f, -999) < MIN_AGE: continue    # a long query may have pinned it
            yield f
    # ---------- checkpoints (aligned: one cut, broadcast records before the barrier arrive everywhere)
    def checkpoint(w):
        j = w.job
        if not j.cinit: return
        for i in range(S): w.control(i)
        if len({s.closed for s in j.sh}) > 1: raise Bad("a batch is closed in some shards only")
        if not w.unaligned or w.r2.random() < .3:           # aligned: records before the barrier arrive
            w.deliver(True)
            for k in range(len(j.subs)):
                if w.r2.random() < .9: w.chunk(k)
        cl = min(max(j.cmt_closed, w.merged_up()), j.sh[0].closed) if w.F["close_first"] else min(s.closed for s in j.sh)
        w.ckn = getattr(w, "ckn", 0) + 1; j.lineage += (w.ckn,); j.full += (w.ckn,); w.ckat[w.ckn] = w.step; w.prune()
        if j.files or j.repl or cl > j.cmt_closed:
            w.uu += 1
            c = dict(uuid=w.uu, parent=j.lastuuid, adds=list(j.files), repl=list(j.repl), closed=cl, lineage=j.lineage, full=j.full, pos=tuple(j.pos), rows={n: {e.cid for s in j.sh for e in s.adm if e.blk//L == n} for n in range(j.cmt_closed+1, cl+1)}, seqs=tuple(s.last for s in j.sh))
            j.knows += tuple((n, w.uu) for n in range(j.cmt_closed+1, cl+1) if n not in dict(j.knows))
            j.lastuuid = w.uu; j.pending = j.pending + [c]; j.files = []; j.repl = []; j.cmt_closed = cl
        for p in range(P):
            if j.pos[p] != sum(sum(s.cnt[p]) for s in j.sh): raise Bad("counters")
        ck = snapjob(j); ck.at = w.step; w.cks.append(ck); j.cks.append(ck)
        if w.F["lag_bound"] and any(w.step - w.t.files[f]["at"] > DAY for c in j.pending for f in c["adds"] + [o for _, o in c["repl"]]): w.notify(True)   # links wait less than the orphans' extra day
        elif w.r.random() < .65: w.notify()
    def notify(w, last=False):
        j = w.job
        if not j.cinit: return
        n = len(j.pending)
        if not last:                                       # commit interval: links may wait for several checkpoints
            if w.r.random() < w.lag: return
            if w.r.random() < .3: n = w.r.randrange(n+1)
        for c in j.pending[:n]: w.apply(c)
        j.pending = j.pending[n:]
    def fail(w):
        j = w.job
        if not w.cks: return
        own = w.r.random() < w.pown
        if own: ck = w.last(j)
        else:                                                        # older savepoint, perhaps of an abandoned branch
            early = [c for c in w.cks[-30:] if min(s.closed for s in c.sh) < w.t.completed and w.step - c.at <= w.R]
            edge = [c for c in w.cks if w.step - c.at <= w.R][:2]       # about to leave the retention
            x = w.r.random(); ck = w.r.choice(early if early and x < w.early else edge if edge and x < w.early + .1 else w.cks[-8:])
        if not w.allowed(ck, own): return
        if w.r.random() < .6 and j.cinit and (j.pending or j.ctl < len(w.ctl)):   # old committer still alive, commit or order under way
            j.plan = None; j.saw = w.t.head()["uuid"]
            for off in range(j.ctl, len(w.ctl)):
                if off <= w.t.ctl_off and w.F["ctl_offset"]: continue
                do = w.judge(off)
                if do: j.plan = (off, do)
                break
            w.zombies.append(j)
        elif w.r2.random() < .5 and j.cinit: j.plan = None; j.saw = w.t.head()["uuid"]; w.zombies.append(j)
        if w.zombies and w.zombies[-1] is j: j.act = w.r2.choice([None, "delete", "tags", "expire", "remove"]); j.judged = w.judge_life(j); j.sawsid = w.t.cur   # the chain uuid is repeated by property changes: it does not fence
        former = w.last(j) if j.cinit else j.former
        w.nrest += 1; w.start(ck); w.job.from_ck = ck; w.job.own = own; w.job.former = former
    def last(w, j): return j.cks[-1] if j.cks else getattr(j, "from_ck", w.cks[-1])
    def allowed(w, ck, own, again=None):
        """the checks of a start; each refusal is loud"""
        if not own and w.step - ck.at > w.R: w.nage += 1; return False  # names its age and the option
        # a savepoint whose completed batch cannot be honored leaves that batch to the batch layer
        if w.F["rely"] and ck.rely > w.t.completed:
            if again is None and ck is w.last(w.job) and w.job.cinit: raise Bad("the job's own last checkpoint is refused: it relies on a completion")
            return False
        n = w.t.completed; before = any(s.closed < n for s in ck.sh)
        if n >= 0 and n not in w.t.tags and before and w.F["restore_tail"]:
            if again is not None: return False
            raise Bad("a savepoint within the retention misses the tag")
        for m in sorted(x for x in w.t.tags if x <= n) if w.F["branch_check"] else []:   # neither before nor after what the batch layer read
            g = w.t.tags[m]; a = g["lineage"]; b = ck.lineage; k = min(len(a), len(b)); before = any(s.closed < m for s in ck.sh)
            # lineages are pruned at their start: the savepoint's own id, the last one, decides
            if w.F["knows"]: ok = (not b or b[-1] in a) if before else (m, g["uuid"]) in ck.knows
            else: ok = a[:k] == b[:k]
            if w.F["knows"] and before and ok != (ck.full == g["full"][:len(ck.full)]): raise Bad("descent misjudged: a savepoint wrongly %s" % ("taken" if ok else "refused"))
            if not ok:
                if ck is w.last(w.job) and w.job.cinit: raise Bad("the job's own last checkpoint is refused: other branch")
                w.nbr += 1; return False
            if not w.F["branch_list"] and not w.walk(ck, g): raise Bad("descent misjudged: a restore wrongly refused")
        return True
    def walk(w, ck, tag):
        us = [ck.base] + [c["uuid"] for c in ck.pending]; x = [x["sid"] for x in w.t.snaps.values() if x["uuid"] in us]
        return bool(x) and (any(y["uuid"] in us for y in w.t.anc(tag["sid"])) or any(y["uuid"] == tag["uuid"] for y in w.t.anc(max(x))))
    def zombie(w):
        z = w.zombies.pop(0); h = w.t.head()
        if z.plan:                                          # an order that it judged before the other generation came
            off, do = z.plan
            if not w.F["fenced_props"] or (h["gen"], h["uuid"]) == (z.gen, z.saw): w.nzp += 1; z.ctl = off + 1; w.props(z, off, do); h = w.t.head()
        if z.act:                                           # lifecycle work that it judged before the other generation came
            fence = {"delete": "fenced_delete", "tags": "fenced_tag_drop", "expire": "fenced_expiry", "remove": "fenced_remove"}[z.act]
            if not w.F[fence] or (h["gen"], h["sid"]) == (z.gen, z.sawsid): w.act(z.act, *z.judged); w.nzl += 1; h = w.t.head()
        for c in z.pending:
            if h["uuid"] != c["parent"] or w.F["fenced_commit"] and h["gen"] != z.gen: return   # it fails, as it should
            me = w.job; w.job = z
            try: w.apply(c)
            finally: w.job = me
            w.nz += 1; h = w.t.head(); w.say("ZOMBIE COMMIT", c["uuid"])
    def judge_life(w, j):
        """what the hourly task, the expiry and the removal would do on the metadata read now"""
        t = w.t; links = w.links(j)
        return t.completed, [n for n in t.tags if w.tag_may_go(n, j)], [x for x in t.snaps if w.snap_may_go(x, links)], list(w.files_may_go(j))
    def act(w, kind, upto, tags, sids, files):
        t = w.t; h = t.head()
        if kind == "delete":
            if upto > t.completed: raise Bad("deletes a batch that is not completed")
            keep = frozenset(f for f in h["files"] if t.files[f]["batch"] > upto)
            if keep != h["files"]: t.add(files=keep)
            for n in range(t.deleted+1, upto+1): t.delat[n] = w.step
            t.deleted = max(t.deleted, upto)
        elif kind == "tags":
            for n in tags:
                if n in t.tags: del t.tags[n]; t.dropped = max(t.dropped, n)
        elif kind == "remove":
            for f in files: w.remove(f)
        else:
            for sid in sids:
                if sid == t.cur: raise Bad("expires the head")
                if sid in t.snaps: del t.snaps[sid]; w.nexp += 1
    def links(w, j):
        """the links that the last completed checkpoints of this job name"""
        return {u for c in w.lastk(j) for u in [c.base] + [x["uuid"] for x in c.pending]} if w.F["links_kept"] else set()
    def lastk(w, j): return (([j.from_ck] if hasattr(j, "from_ck") else []) + j.cks)[-K:]
    def tag_may_go(w, n, j):
        t = w.t
        if n > t.deleted or w.F["tag_retention"] and w.step - t.delat[n] <= w.R: return False
        return not (w.F["tag_own"] and any(s.closed < n for c in w.lastk(j) for s in c.sh))   # its own restart needs the tag
    def snap_may_go(w, sid, links):
        t = w.t; x = t.snaps[sid]
        if sid == t.cur or x["uuid"] in links: return False
        return not (w.F["links_kept"] and w.step - (x["sup"] if w.F["superseded_age"] else x["at"]) <= w.R)
    # ---------- batch layer
    def batchlayer(w):
        n = w.t.completed + 1
        h = w.t.head()
        if w.F["close_first"]:
            if w.now > (n+1)*L + w.delay and not any(k == "close" and m >= n for k, m, _ in w.ctl): w.ctl.append(("close", n, w.ask()))
            if h["closed"] >= n:
                if w.ctl and w.ctl[-1][0] == "complete" and w.r.random() < .7: return
                g = w.t.tags.get(n)                          # it reads the tag
                if w.job.cinit and g and (n, g["uuid"]) not in h["lst"]: raise Bad("the tag is of another branch: no complete can name it")
                if g is None: raise Bad("a closed batch without its tag")
                rows = {n: [e for e, _ in w.t.rows(g) if e.blk//L == n]}
                w.lag_complete.append((w.r.randrange(w.keen), ("complete", n, (rows, g["uuid"], g))))
            elif w.r.random() < .1 and w.now > (n+1)*L + w.delay: w.ctl.append(("close", n, w.ask()))  # state rolled back: close again
        else:
            if w.now > (n+1)*L + w.delay:
                if any(k == "complete" and m >= n for k, m, _ in w.ctl[-1:]) and w.r.random() < .9: return
                # as good as the design allows: everything a correct live query of this instant returns for batch n
                seen = {}
                for e, _ in w.t.rows(h): seen[e.cid] = e
                for s in w.job.sh:
                    for e in s.adm: seen[e.cid] = e
                rows = {n: [e for e in seen.values() if e.blk//L == n]}
                w.lag_complete.append((w.r.randrange(w.keen), ("complete", n, (rows, h["uuid"], dict(h, pos=h.get("pos", (0,)*P))))))
    def ask(w):
        x = w.r2.random()
        return {"force": True} if x < .35 else {"leave": [w.r2.randrange(P)]} if x < .55 else {}
    def odd_requests(w):
        r = w.r2
        if r.random() < .004: w.ctl.append(("close", w.now // L + r.choice([0, 0, 1, 2]), w.ask()))   # today, tomorrow
        if r.random() < .004: w.ctl.append(("retire", r.randrange(P), None))
        if r.random() < .001 and w.job.cinit and w.cks:                        # the topic is made again; the job fails and its start accepts that
            ck = w.last(w.job)
            if ck.at <= w.step and w.allowed(ck, True):
                w.ctl = []; w.topic += 1; w.t.ctl_off = w.t.seen = -1 if w.F["topic_id"] else w.t.ctl_off; w.nmake += 1
                former = w.last(w.job); w.start(ck); w.job.from_ck = ck; w.job.own = True; w.job.former = former
    # ---------- queries
    def view(w, i):
        j = w.job; s = j.sh[i]
        return dict(gen=j.gen, last=s.last, dropped=s.dropped, sealed=[(q, b, list(rows)) for q, b, rows in s.sealed],
                    open=[(b, list(rows)) for b, rows in s.open.items()], adm=list(s.adm))
    def query_step(w, q):
        if len(q) < S:
            if w.job.cinit or not w.F["generation"]: q.append(w.view(len(q)))
            return False
        w.evaluate(q); return True
    def evaluate(w, q):
        w.nq += 1
        h = w.t.head(); comp = w.t.completed; F = w.F
        if len({v["gen"] for v in q}) > 1: w.nret += 1; return "retry"
        if F["generation"] and h["gen"] != q[0]["gen"]: w.nret += 1; return "retry"
        if F["query_upper"] and any(h["seqs"][i] > v["last"] for i, v in enumerate(q)): w.nret += 1; return "retry"
        got = [e for e, _ in w.t.rows(h)]
        for i, v in enumerate(q):
            for sq, b, rows in v["sealed"]:
                if sq > h["seqs"][i]: got += rows
            for b, rows in v["open"]: got += rows
        got = [e.cid for e in got if e.blk//L > comp]
        exp = [e.cid for v in q for e in v["adm"] if e.blk//L > comp]
        c = collections.Counter(got)
        d = [x for x in c if c[x] > 1]
        if d: raise Bad("query counts twice")
        if set(exp) - set(got): raise Bad("query misses rows")
        if set(got) - set(exp): raise Bad("query shows rows that no pinned view admitted")
        lam = got + [e.cid for m, rows in w.batch.items() if m <= comp for e in rows]
        if len(lam) != len(set(lam)): raise Bad("lambda counts a row twice")
        return [("ok", got)]
    def final(w):
        w.committer_init(); j = w.job; w.stall = None
        for _ in range(400):
            if all(j.pos[p] == len(w.log[p]) for p in range(P)): break
            w.read()
        for _ in range(len(w.ctl) - j.hpos + 4): w.handoff()
        for _ in range(3):
            for i in range(S): w.control(i); w.seal_closed(i)
            w.deliver(True)
            for k in range(len(j.subs)): w.chunk(k)
            w.checkpoint(); w.notify(True); w.control_committer()
        if w.t.head()["closed"] < j.hclosed: raise Bad("final: a batch is closed and never gets its link")
        if any(t == w.topic and n > j.hclosed for (t, o), n in ((k, w.ctl[k[1]][1]) for k in w.taken if k[0] == w.topic)): raise Bad("final: a close that was answered is forgotten")
        if len(w.judged) and {(w.topic, o) for o in range(len(w.ctl))} - w.judged: raise Bad("final: a request is never judged")
        ps = [j.wm[p] for p in range(P) if w.log[p] and p not in j.off]
        if w.F["close_first"] and ps and j.hclosed < min((min(ps) - 2) // L - 1, 10**6) - 4: raise Bad("final: a batch never closes by itself")
        w.checkpoint(); w.notify(True)
        for i in range(S): w.poll(i)
        q = [w.view(i) for i in range(S)]; w.evaluate(q)
        comp = w.t.completed; h = w.t.head()
        rows = {}
        def put(e):
            if e.cid in rows: raise Bad("final: row twice")
            rows[e.cid] = e
        for m, rs in w.batch.items():
            if m <= comp:
                for e in rs: put(e)
        for e, _ in w.t.rows(h):
            if e.blk//L > comp: put(e)
        for i, s in enumerate(j.sh):
            for sq, b, rs in s.sealed:
                if sq > h["seqs"][i] and b//L > comp:
                    for e in rs: put(e)
            for b, rs in s.open.items():
                if b//L > comp:
                    for e in rs: put(e)
        by = collections.defaultdict(list)
        for e in rows.values(): by[e.ident].append(e.blk)
        for k, bl in by.items():
            bl.sort()
            for a, b in zip(bl, bl[1:]):
                if b - a <= W: raise Bad("final: two copies of one identity within the dedup window")
        rej = {}
        for s in j.sh: rej.update(s.rej)
        for p in range(P):
            for off, e in enumerate(w.log[p]):
                if (p, off) in rej or (p, off) in w.handed and (p, off) in w.told: continue
                if not any(abs(e.blk - b) <= W for b in by[e.ident]): raise Bad("final: an event is neither visible, duplicate nor refused (lost)")
    def run(w, steps=500):
        r = w.r; w.stall = None; w.lag_complete = []
        for k in range(steps):
            x = r.random(); w.step = w.t.step = k
            if r.random() < .02: w.lifecycle()
            w.long_query(); w.odd_requests()
            if w.zombies and w.r2.random() < .1:
                z = w.r2.choice(w.zombies)
                if w.t.head()["gen"] == z.gen: z.judged = w.judge_life(z); z.sawsid = w.t.cur   # until the marker it goes on, in its right
            if w.r2.random() < .1: w.handoff()
            if w.r2.random() < .1: w.deliver()
            if w.r2.random() < .05: w.seal_closed(w.r2.randrange(S))
            if r.random() < w.pfail and w.t.completed >= 0: w.fail()
            if r.random() < .01: w.stall = r.choice([None, None, 0, 1])
            if w.stall is not None and r.random() < .03: w.job.idle[w.stall] = True     # idle by wall clock
            if w.zombies and r.random() < .1: w.zombie()
            if x < .25: w.produce()
            elif x < .50: w.read()
            elif x < .57: w.progress()
            elif x < .63: w.poll(r.randrange(S))
            elif x < .66: w.chunk()
            elif x < .72: w.checkpoint()
            elif x < .75: w.notify()
            elif x < .80: w.committer_init()
            elif x < .815: w.fail()
            elif x < .84: w.batchlayer()
            elif x < .87: w.control(r.randrange(S))
            elif x < .885: w.control_committer()
            elif x < .89: w.hourly()
            elif x < .893:
                if w.t.completed >= 0: w.ctl.append(("withdraw", w.t.completed, None))
            elif x < .92:
                if len(w.queries) < 3: w.queries.append([])
            else:
                w.queries = [q for q in w.queries if not w.query_step(q)]
            w.lag_complete = [(n-1, c) for n, c in w.lag_complete]
            for n, c in w.lag_complete:
                if n <= 0: w.ctl.append(c)
            w.lag_complete = [(n, c) for n, c in w.lag_complete if n > 0]
        w.final()

def go(off, seeds, verbose=False):
    F = {f: f not in off for f in FLAGS}
    res = collections.Counter(); first = {}; st = collections.Counter()   # first: the first failing seed by message
    for sd in seeds:
        w = World(sd, F)
        try: w.run(); res["ok"] += 1
        except Bad as b:
            m = str(b).split(" (")[0]; res[m] += 1; first.setdefault(m, sd)
        st["queries"] += w.nq; st["retries"] += w.nret; st["restores"] += w.nrest; st["rollbacks"] += w.nroll; st["completed"] += w.ncomp
        st["withdrawn"] += w.nw; st["withdraw refused"] += w.nwref; st["zombie commits"] += w.nz; st["restore refused: other branch"] += w.nbr
        st["refused: age"] += w.nage; st["expired"] += w.nexp; st["files gone"] += w.ngone; st["handed off"] += w.nhand; st["late-listed"] += w.nlate; st["zombie orders"] += w.nzp; st["zombie lifecycle"] += w.nzl; st["started again"] += w.nagain
        st["tags"] += w.ntag; st["closes refused"] += w.nref; st["closes forced"] += w.nforce; st["retired"] += w.nret2; st["topic made again"] += w.nmake
    return res, first, st

if __name__ == "__main__":
    if len(sys.argv) > 2:
        sd = int(sys.argv[1]); off = sys.argv[2].split(",") if sys.argv[2] != "-" else []
        w = World(sd, {f: f not in off for f in FLAGS}, True); w.run(); sys.exit()
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    res, first, st = go([], range(n)); print("ALL RULES ON", dict(res), first, dict(st), flush=True)
    res, first, st = go(["close_first", "complete_names"], range(n)); print("off close_first+complete_names", dict(res), first, flush=True)
    res, first, st = go(FLAGS, range(n)); print("ALL RULES OFF", dict(res), first, flush=True)
    for f in FLAGS:
        res, first, st = go([f], range(n))
        print("off", f.ljust(18), str(n - res["ok"]).rjust(5), "of", n, "fail:", {k: (c, first[k]) for k, c in res.items() if k != "ok"}, flush=True)
