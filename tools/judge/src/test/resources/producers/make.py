#!/usr/bin/env python3
"""Writes made-up events of a producer with copies and bad records among them, and says what must become
of them: python3 make.py github|segment|snowplow|own COUNT > FILE (the figures go to standard error)."""
import collections
import datetime
import json
import random
import sys

producer, count = sys.argv[1], int(sys.argv[2])
rnd = random.Random(1)
start = datetime.datetime(2026, 3, 2, 10, 0, 0)


def at(i, template):
    return (start + datetime.timedelta(milliseconds=37 * i)).strftime(template)


def github(i):
    return {
        "id": str(40000000000 + i), "type": rnd.choice(["PushEvent", "WatchEvent", "IssuesEvent"]),
        "actor": {"id": i % 97, "login": "user%d" % (i % 97), "display_login": "user%d" % (i % 97)},
        "repo": {"id": i % 31, "name": "org/repo%d" % (i % 31)},
        "payload": {"push_id": i, "commits": [{"sha": "%040x" % i, "message": "caf\u00e9 \"%d\"" % i}] * (i % 4)},
        "public": True, "created_at": at(i, "%Y-%m-%dT%H:%M:%SZ"),
    }


def segment(i):
    return {
        "type": "track", "event": rnd.choice(["Order Completed", "Product Viewed"]), "messageId": "m-%d" % i,
        "anonymousId": "anon-%d" % (i % 53), "userId": None if i % 3 else "u%d" % (i % 53),
        "context": {"ip": "192.0.2.%d" % (i % 255), "os": {"name": "iOS", "version": "17"}, "locale": "de-CH"},
        "properties": {"total": i / 100, "[Group] a.b": [i, None]}, "integrations": {},
        "receivedAt": at(i, "%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z", "sentAt": at(i, "%Y-%m-%dT%H:%M:%S.000Z"),
        "timestamp": at(i, "%Y-%m-%dT%H:%M:%S.%f+00:00"),
    }


def snowplow(i):
    return {
        "app_id": "web", "platform": "web", "event": "unstruct" if i % 2 else "page_view",
        "event_name": "link_click" if i % 2 else "page_view", "event_id": "%032x" % i, "user_id": None,
        "domain_userid": "d%d" % (i % 71), "collector_tstamp": at(i, "%Y-%m-%d %H:%M:%S"),
        "dvce_created_tstamp": at(i, "%Y-%m-%d %H:%M:%S.%f")[:-3], "derived_tstamp": None, "geo_latitude": 47.1 + i % 9,
        "unstruct_event": {"schema": "iglu:com.acme/click/1-0-0", "data": {"target": "x%d" % i}} if i % 2 else None,
        "page_url": "https://example.org/%d" % i,
    }


def own(i):
    return {
        "project": "shop" if i % 2 else "blog", "user": {"id": i % 41}, "name": "clicked", "uuid": "o-%d" % (i // 2),
        "received": 1772445600000 + 37 * i, "at": 1772445600 + i / 1000, "props": {"n": i}, "geo": {"country": "CH"},
    }


ID = {"github": "id", "segment": "messageId", "snowplow": "event_id", "own": "uuid"}[producer]
TIME = {"github": "created_at", "segment": "receivedAt", "snowplow": "collector_tstamp", "own": "received"}[producer]
outcome = collections.Counter()
lines = []
for i in range(count):
    event = {"github": github, "segment": segment, "snowplow": snowplow, "own": own}[producer](i)
    good = json.dumps(event, ensure_ascii=i % 2 == 0)
    lines.append(good)
    outcome["admitted"] += 1
    if i % 10 == 0:
        lines.append(good)
        outcome["duplicates"] += 1
    if i % 100 == 7:
        bad = dict(event)
        fault = i // 100 % 6
        if fault == 0:
            del bad[TIME]
            reason = "upload_time_missing"
        elif fault == 1:
            bad[TIME] = "soon"
            reason = "upload_time_invalid"
        elif fault == 2:
            bad[ID] = None
            reason = "identity_missing"
        elif fault == 3:
            bad[ID] = {"a": 1}
            reason = "identity_invalid"
        elif fault == 4:
            lines.append(good[:-5])
            outcome["not_json"] += 1
            continue
        else:
            lines.append(good[:-1] + ', "%s": 1}' % ID)
            outcome["duplicate_key"] += 1
            continue
        lines.append(json.dumps(bad))
        outcome[reason] += 1
head, tail = lines[0], lines[1:]
blocks = [tail[i:i + 500] for i in range(0, len(tail), 500)]
for block in blocks:
    rnd.shuffle(block)
print("\n".join([head] + [line for block in blocks for line in block]))
print(json.dumps({"sent": len(lines), **outcome}), file=sys.stderr)
