"""The progress of one Kafka partition: what it follows, and what it must not follow.

    python3 progress_model.py                 all rules on, every fault, 2,000 seeds
    python3 progress_model.py --without RULE  one rule off: prints the seeds that break

Times are minutes. The Java is io.nova.kafka.UploadProgress. Each rule has a flag:

quartile   a group's candidate is the lower quartile of its upload times, not the greatest
spread     a small group ends when its middle half spans SPREAD, not with its fifth event
evidence   a step of more than STEP waits until groups have confirmed it for EVIDENCE
records    evidence is EVIDENCE of record time besides, unless nothing was reached yet
unbroken   a group that does not confirm the step ends its evidence
smaller    a believed step goes to the smaller of its last two candidates
"""
import argparse
import random

MOST, FEWEST, SPREAD, STEP, EVIDENCE = 1000, 5, 10, 120, 60
RULES = ("quartile", "spread", "evidence", "records", "unbroken", "smaller")


def lower(times):
    return sorted(times)[(len(times) - 1) // 4]


def upper(times):
    return sorted(times)[3 * (len(times) - 1) // 4]


class Progress:
    def __init__(self, off=()):
        self.off, self.reached, self.look = off, None, FEWEST
        self.group, self.records = [], []
        self.step = None  # last candidate, smallest upper quartiles of upload and record times

    def read(self, upload, record):
        self.group.append(upload)
        self.records.append(record)
        if self.ends():
            group, records = self.group, self.records
            self.group, self.records, self.look = [], [], FEWEST
            self.take(group, records)

    def ends(self):
        n = len(self.group)
        if n == MOST:
            return True
        if n < self.look:
            return False
        self.look = n + n // 2
        return "spread" in self.off or upper(self.group) - lower(self.group) >= SPREAD

    def take(self, group, records):
        candidate = max(group) if "quartile" in self.off else lower(group)
        small = self.reached is not None and candidate <= self.reached + STEP
        if small or "evidence" in self.off:
            self.reached = candidate if self.reached is None else max(self.reached, candidate)
            if "unbroken" not in self.off:
                self.step = None
            return
        previous, end, written = self.step or (candidate, upper(group), upper(records))
        self.step = candidate, min(end, upper(group)), min(written, upper(records))
        lasting = lower(records) - self.step[2] >= EVIDENCE
        if self.reached is None or "records" in self.off:
            lasting = True
        if lasting and candidate - self.step[1] >= EVIDENCE:
            self.reached = candidate if "smaller" in self.off else min(previous, candidate)
            self.step = None


def world(seed):
    """Gap, and (upload time, whether it is right, arrival, whether its record time is right)."""
    r = random.Random(seed)
    gap = r.choice([1 / 200, 1 / 20, 1, 6])  # minutes between events
    now, events = 10_000.0, []
    pause = r.random() < .3
    kind = r.choice(["none", "single", "burst", "share", "brief", "apart", "flush"])
    ahead = r.choice([50, 60 * 5, 60 * 23, 60 * 24 * 30, 60 * 24 * 365])
    hours = {1 / 200: 3, 1 / 20: 8, 1: 40, 6: 100}[gap]
    end, start = now + hours * 60, now + r.uniform(.3, .6) * hours * 60
    # Only wrong clocks for a while: never so long, nor so many events, that a group follows them.
    # More than STEP ahead they may last longer, since such a step needs evidence.
    length = {"burst": min(SPREAD * .9, MOST * .7 * gap), "brief": EVIDENCE * .9}.get(kind, 0)
    flushed = False
    while now < end:
        now += r.expovariate(1 / gap) if gap < 6 else gap
        if pause and len(events) == 40:
            now, pause, start, end = now + 62 * 60, False, start + 62 * 60, end + 62 * 60
        wrong = False
        if kind == "single":
            wrong = r.random() < .01
        elif kind == "burst":
            wrong = start < now < start + length
        elif kind == "share" and ahead > STEP:
            wrong = r.random() < .2
        elif kind == "brief" and ahead > STEP:
            wrong = start < now < start + length
        elif kind == "apart" and ahead > STEP:  # half an hour in every three hours
            wrong = now > start and (now - start) % 180 < 30
        if kind == "flush" and ahead > STEP and not flushed and now > start:
            flushed = True
            events += [(now + ahead + i * 3, False, now, True) for i in range(80)]
        late = 0 if wrong or r.random() > .05 else r.expovariate(1 / 60)
        events.append((now - late + (ahead if wrong else 0), not wrong, now, False))
    return gap, events


def check(seed, off=()):
    """What is wrong in the world of a seed; None if nothing is."""
    gap, events = world(seed)
    progress, newest, since = Progress(off), None, None
    before = None
    for upload, right, now, written in events:
        progress.read(upload, now if right or written else upload)
        if right:
            newest = upload if newest is None else max(newest, upload)
        if before is not None and now - before > 60:
            since = now
        before = now
        since = now if since is None else since
        at = progress.reached
        if at is not None and (newest is None or at > newest):
            return "progress %.0f is ahead of every right clock, %.0f" % (at, newest or -1)
        # Two groups end in this time, and after a pause the step needs its evidence.
        allowed = max(MOST * gap if gap < SPREAD / MOST else 0, 3 * SPREAD, 8 * gap) * 2
        if now - since > 2 * EVIDENCE + 3 * allowed and (at is None or now - at > allowed + STEP + 2 * EVIDENCE):
            return "progress lags %s minutes" % (None if at is None else round(now - at))
    return None


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    args.add_argument("--without", choices=RULES, action="append", default=[])
    args.add_argument("--seeds", type=int, default=2000)
    given = args.parse_args()
    broken = [(s, why) for s in range(given.seeds) if (why := check(s, tuple(given.without)))]
    for seed, why in broken[:5]:
        print("seed %d: %s" % (seed, why))
    print("%d of %d seeds break" % (len(broken), given.seeds))
    raise SystemExit(bool(broken) != bool(given.without))


if __name__ == "__main__":
    main()
