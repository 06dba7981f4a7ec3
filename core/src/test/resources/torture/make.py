#!/usr/bin/env python3
"""Writes torture.jsonl: inputs of our own making, each with the outcome that it must have.

Outcomes are stated here by hand, by the rules of docs/reference/formats.md; nothing is taken from
the code under test. Run it in its folder: python3 make.py

A line is {"name", "input", "rejected"} or {"name", "input", "columns", "user", "extra"}. An input is
null (a record without a value), or a list of parts; a part is a text, {"hex": ...} or {"repeat": text,
"times": n}. A value of a column may be {"parts": [...]}. Times are microseconds since 1970, JSON is its
text. "extra" may be missing: there is none. "job" says what the job makes of it where that differs from
the parser: a reason, or "unsent" where the answer hangs on what else was sent.
"""
import json

LINES = []
NAMES = set()
UPLOAD = 1795168920000000  # 2026-11-20 10:02:00


def put(name, parts, **outcome):
    assert name not in NAMES, name
    NAMES.add(name)
    LINES.append({"name": name, "input": parts, **outcome})


def bad(name, parts, reason, **more):
    put(name, parts if parts is None or isinstance(parts, list) else [parts], rejected=reason, **more)


def base(name, without=()):
    keys = {
        "app": "7",
        "device_id": '"d"',
        "$insert_id": json.dumps(name),
        "server_upload_time": '"2026-11-20 10:02:00"',
    }
    return ",".join('"%s":%s' % (k, v) for k, v in keys.items() if k not in without)


def good(name, keys, columns=None, extra=None, without=(), user="d", parts=None, **more):
    """A complete event with more keys; "columns" are those beyond the complete event's."""
    all_columns = {"app": 7, "device_id": "d", "insert_id": name, "server_upload_time": UPLOAD}
    for key in without:
        del all_columns[key.lstrip("$")]
    all_columns.update(columns or {})
    outcome = {"columns": all_columns, "user": user}
    if extra is not None:
        outcome["extra"] = extra
    head = base(name, without)
    text = parts or ["{" + head + ("," if head and keys else "") + keys + "}"]
    put(name, text, **outcome, **more)


def refused(name, keys, reason, without=()):
    head = base(name, without)
    bad(name, "{" + head + ("," if head and keys else "") + keys + "}", reason)


def rep(text, times):
    return {"repeat": text, "times": times}


# --- every type for every kind of column --------------------------------------------------------
TYPES = {
    "one": "1", "minus-one": "-1", "zero": "0", "fraction": "1.5", "text": '"x"', "empty": '""',
    "true": "true", "false": "false", "object": "{}", "array": "[]", "full-object": '{"a":1}',
    "full-array": "[1]",
}
FITS = {
    "city": {"text": "x", "empty": ""},
    "event_id": {"one": 1, "minus-one": -1, "zero": 0},
    "location_lat": {"one": 1.0, "minus-one": -1.0, "zero": 0.0, "fraction": 1.5},
    "paying": {"true": True, "false": False},
    "event_time": {},
    "plan": TYPES,
}
for column, fits in FITS.items():
    for kind, value in TYPES.items():
        name = "type-%s-%s" % (column, kind)
        if kind in fits:
            good(name, '"%s":%s' % (column, value), {column: fits[kind]})
        else:
            good(name, '"%s":%s' % (column, value), extra='{"%s":%s}' % (column, value))
    good("type-%s-null" % column, '"%s":null' % column)

for kind, value in TYPES.items():
    name = "app-" + kind
    if kind in ("one", "minus-one", "zero"):
        good(name, '"app":' + value, {"app": int(value)}, without=("app",))
    else:
        refused(name, '"app":' + value, "app_invalid", without=("app",))
    refused("upload-" + kind, '"server_upload_time":' + value, "upload_time_invalid",
            without=("server_upload_time",))
    for key in ("device_id", "$insert_id"):
        name = "%s-%s" % (key, kind)
        if kind == "text":
            good(name, '"%s":"x"' % key, {key.lstrip("$"): "x"} if key == "device_id" else
                 {"insert_id": "x", "app": 1001}, without=(key,) if key == "device_id" else (key, "app"),
                 user="x" if key == "device_id" else "d",
                 parts=None if key == "device_id" else
                 ['{"app":1001,"device_id":"d","$insert_id":"x","server_upload_time":"2026-11-20 10:02:00"}'])
        elif kind == "empty":
            refused(name, '"%s":""' % key, "identity_missing", without=(key,))
        else:
            refused(name, '"%s":%s' % (key, value), "identity_invalid", without=(key,))
    if kind == "text":
        good("uuid-text", '"uuid":"x"', {"uuid": "x"})
    elif kind == "empty":
        good("uuid-empty", '"uuid":""', {"uuid": ""})
    else:
        refused("uuid-" + kind, '"uuid":' + value, "identity_invalid")
for key, reason in (("app", "app_missing"), ("server_upload_time", "upload_time_missing"),
                    ("device_id", "identity_missing"), ("$insert_id", "identity_missing")):
    refused(key + "-null", '"%s":null' % key, reason, without=(key,))
    refused(key + "-absent", "", reason, without=(key,))
good("uuid-null", '"uuid":null')

# --- which fault comes first --------------------------------------------------------------------
bad("nothing-at-all", "{}", "app_missing")
bad("app-before-upload-time", '{"app":"x","server_upload_time":5}', "app_invalid")
bad("upload-time-before-identity", '{"app":1,"server_upload_time":5,"device_id":5}', "upload_time_invalid")
bad("duplicate-before-app", '{"x":1,"x":2}', "duplicate_key")
bad("syntax-before-duplicate", '{"x":1,"x":2', "not_json")
bad("syntax-behind-the-end", '{"x":1,"x":2} x', "not_json")

# --- numbers ------------------------------------------------------------------------------------
INTEGERS = {
    "-0": 0, "9223372036854775807": 2**63 - 1, "-9223372036854775808": -(2**63),
    "2147483648": 2**31, "-2147483649": -(2**31) - 1, "100": 100,
    "9223372036854775808": None, "-9223372036854775809": None, "18446744073709551616": None,
    "5.0": None, "1E2": None, "1e2": None, "0.0": None, "-0.0": None, "1e0": None, "1e400": None,
    "123456789012345678901234567890": None, "1e-1": None,
}
for text, value in INTEGERS.items():
    keys = '"event_id":' + text
    if value is None:
        good("integer-" + text, keys, extra="{" + keys + "}")
    else:
        good("integer-" + text, keys, {"event_id": value})
DOUBLES = {
    "-0": 0.0, "-0.0": -0.0, "0e400": 0.0, "0.000": 0.0, "0e-400": 0.0, "1E2": 100.0, "1e+2": 100.0,
    "1e-2": 0.01, "0.1": 0.1, "1e308": 1e308, "1.7976931348623157e308": 1.7976931348623157e308,
    "4.9e-324": 5e-324, "123456789012345678901234567890": 1.2345678901234568e29,
    "9007199254740993": 9007199254740992.0, "-122.419416123456789": -122.41941612345679,
    "1e400": None, "-1e400": None, "1e-400": None, "-1e-400": None, "1.8e308": None, "2e-324": None,
    "1e99999999999": None, "1e-99999999999": None,
}
for text, value in DOUBLES.items():
    keys = '"location_lat":' + text
    if value is None:
        good("double-" + text, keys, extra="{" + keys + "}")
    else:
        good("double-" + text, keys, {"location_lat": value})
for text in ("01", "-01", "+1", ".5", "-.5", "5.", "1e", "1e+", "1.e5", "--1", "-", "0x10", "1_000", "1,000",
             "NaN", "-NaN", "Infinity", "-Infinity", "1a", "1.5.5", "\u0665", "\uff11", "1 000", "1e5.5", "0b1"):
    reason = "not_json"
    refused("no-number-" + text.encode("ascii", "backslashreplace").decode(), '"x":' + text, reason)
for text in ("9223372036854775807", "-9223372036854775808"):
    good("app-" + text, '"app":' + text, {"app": int(text)}, without=("app",))
for text in ("9223372036854775808", "1e2", "7.0", "1e400"):
    refused("app-" + text, '"app":' + text, "app_invalid", without=("app",))
good("unknown-numbers-keep-their-digits", '"a":1.50,"b":-0,"c":1E2,"d":1e400,"e":12345678901234567890123',
     extra='{"a":1.50,"b":-0,"c":1E2,"d":1e400,"e":12345678901234567890123}')

# --- strings ------------------------------------------------------------------------------------
for name, raw, text in (
    ("quote", '\\"', '"'), ("backslash", "\\\\", "\\"), ("slash", "\\/", "/"), ("backspace", "\\b", "\b"),
    ("form-feed", "\\f", "\f"), ("line-feed", "\\n", "\n"), ("return", "\\r", "\r"), ("tab", "\\t", "\t"),
    ("letter", "\\u0041", "A"), ("lower-hex", "\\u00fc", "\u00fc"), ("upper-hex", "\\u00FC", "\u00fc"),
    ("nul", "\\u0000", "\0"), ("control", "\\u001f", "\x1f"), ("delete", "\x7f", "\x7f"),
    ("pair", "\\ud83d\\ude00", "\U0001f600"), ("pair-upper", "\\uD83D\\uDE00", "\U0001f600"),
    ("raw-emoji", "\U0001f600", "\U0001f600"), ("raw-two-bytes", "\u00e9", "\u00e9"),
    ("raw-three-bytes", "\u20ac", "\u20ac"), ("line-separator", "\u2028\u2029", "\u2028\u2029"),
    ("noncharacter", "\ufffe\uffff", "\ufffe\uffff"), ("escaped-noncharacter", "\\uffff", "\uffff"),
    ("last-code-point", "\U0010ffff", "\U0010ffff"), ("replacement", "\ufffd", "\ufffd"),
    ("byte-order-mark", "\ufeff", "\ufeff"), ("combining", "e\u0301", "e\u0301"),
    ("right-to-left", "\u202eabc", "\u202eabc"), ("sql", "'; DROP TABLE events; --", "'; DROP TABLE events; --"),
    ("html", "<b>&amp;</b>", "<b>&amp;</b>"), ("json-in-a-text", '{\\"a\\":1}', '{"a":1}'),
    ("long-event-type", "x" * 260, "x" * 260), ("blanks", "  ", "  "), ("the-word-null", "null", "null"),
):
    good("string-" + name, '"city":"%s"' % raw, {"city": text})
for name, raw in (
    ("high", "\\ud800"), ("low", "\\udc00"), ("low-high", "\\ude00\\ud83d"), ("high-letter", "\\ud83dA"),
    ("high-high-low", "\\ud83d\\ud83d\\ude00"), ("high-at-the-end", "abc\\udbff"), ("high-then-newline", "\\ud83d\\n"),
):
    good("lone-surrogate-" + name, '"city":"%s"' % raw, extra='{"city":"%s"}' % raw)
    refused("lone-surrogate-in-id-" + name, '"$insert_id":"%s"' % raw, "identity_invalid", without=("$insert_id",))
    good("lone-surrogate-in-properties-" + name, '"event_properties":{"a":"%s"}' % raw,
         {"event_properties": '{"a":"%s"}' % raw})
for name, raw in (
    ("x", "\\x41"), ("apostrophe", "\\'"), ("a", "\\a"), ("zero", "\\0"), ("two-digits", "\\u12"),
    ("no-digits", "\\u"), ("wrong-digit", "\\u12G4"), ("long-unicode", "\\U0001f600"), ("braces", "\\u{41}"),
    ("blank", "\\ "), ("open", "abc\\"), ("sign", "\\u+041"),
):
    refused("no-escape-" + name, '"city":"%s"' % raw, "not_json")
    refused("no-escape-in-properties-" + name, '"plan":{"a":"%s"}' % raw, "not_json")
for code in range(0x20):
    refused("raw-control-%02x" % code, '"city":"a%sb"' % chr(code), "not_json")
refused("raw-control-in-key", '"a\tb":1', "not_json")
refused("open-string", '"city":"abc', "not_json")
refused("apostrophes", "'city':'abc'", "not_json")

# --- encodings ----------------------------------------------------------------------------------
MARK = {"hex": "efbbbf"}
good("byte-order-mark", "", parts=[MARK, "{" + base("byte-order-mark") + "}"])
good("byte-order-mark-then-blanks", "", parts=[MARK, " \n{" + base("byte-order-mark-then-blanks") + "}"])
bad("two-byte-order-marks", [MARK, MARK, "{" + base("x") + "}"], "not_json")
bad("byte-order-mark-alone", [MARK], "not_json")
bad("half-a-byte-order-mark", [{"hex": "efbb"}, "{}"], "not_json")
bad("byte-order-mark-behind", ["{" + base("x") + "}", MARK], "not_json")
bad("byte-order-mark-between", ["{" + base("x") + ",", MARK, '"a":1}'], "not_json")
for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
    bad("encoded-" + encoding, [{"hex": ("{" + base("x") + "}").encode(encoding).hex()}], "not_json")
    bad("encoded-with-mark-" + encoding, [{"hex": ("\ufeff{" + base("x") + "}").encode(encoding).hex()}],
        "not_json")
BROKEN_UTF8 = ["c080", "c1bf", "c0af", "e080af", "e09fbf", "f08080af", "f08fbfbf", "eda080", "edbfbf",
               "eda0bdedb880", "f4908080", "f5808080", "f8888080", "fc84808080", "fe", "ff", "80", "bf",
               "c3", "e282", "f09f98", "e9", "c328", "e28228", "f0288c28"]
for code in BROKEN_UTF8:
    bad("no-utf8-in-value-" + code, ["{" + base("x") + ',"city":"a', {"hex": code}, 'b"}'], "not_json")
for code in BROKEN_UTF8[::4]:
    bad("no-utf8-in-key-" + code, ["{" + base("x") + ',"a', {"hex": code}, '":1}'], "not_json")
    bad("no-utf8-in-properties-" + code, ["{" + base("x") + ',"plan":["', {"hex": code}, '"]}'], "not_json")
    bad("no-utf8-outside-" + code, ["{" + base("x") + "}", {"hex": code}], "not_json")
bad("gzip", [{"hex": "1f8b0800000000000003ab5608000000ffff"}], "not_json")
bad("avro-like", [{"hex": "00000000010e0264"}], "not_json")

# --- truncated ----------------------------------------------------------------------------------
WHOLE = '{"app":7,"a":[1,-2.5e3,{"b":null}],"c":"\\u0041\\n","d":true, "e":false}'
for length in range(1, len(WHOLE)):
    bad("truncated-at-%02d" % length, WHOLE[:length], "not_json")
bad("not-truncated", WHOLE, "upload_time_missing")

# --- syntax -------------------------------------------------------------------------------------
bad("no-value", None, "null_value")
bad("no-bytes", [""], "empty")
for name, text in (("blank", " "), ("newline", "\n"), ("blanks", " \t\r\n ")):
    bad("only-" + name, text, "not_json")
for name, text in (("number", "1"), ("text", '"x"'), ("true", "true"), ("false", "false"), ("null", "null"),
                   ("array", "[]"), ("array-of-objects", "[{}]"), ("blanks-around", " 12\n"), ("float", "-1.5e3")):
    bad("top-" + name, text, "not_an_object")
X = "{" + base("x")
for name, text in (
    ("comma-at-the-end", X + ",}"), ("comma-at-the-start", "{," + base("x") + "}"), ("two-commas", X + ',,"a":1}'),
    ("comma-in-array", X + ',"a":[1,]}'), ("comma-alone-in-array", X + ',"a":[,]}'),
    ("block-comment", "/* a */" + X + "}"), ("comment-inside", X + ' /* a */,"a":1}'),
    ("line-comment", "// a\n" + X + "}"), ("hash-comment", "# a\n" + X + "}"), ("comment-behind", X + "}// a"),
    ("key-without-quotes", X + ",a:1}"), ("key-is-a-number", X + ",1:1}"), ("key-is-null", X + ",null:1}"),
    ("no-colon", X + ',"a" 1}'), ("two-colons", X + ',"a"::1}'), ("equals-sign", X + ',"a"=1}'),
    ("semicolon", X + ';"a":1}'), ("no-comma", X + ' "a":1}'), ("no-value-of-key", X + ',"a":}'),
    ("key-alone", X + ',"a"}'), ("two-objects", X + "}{}"), ("two-lines", X + "}\n" + X + "}"),
    ("comma-behind", X + "},"), ("bracket-behind", X + "}]"), ("brace-behind", X + "}}"), ("nul-behind", X + "}\0"),
    ("nul-before", "\0" + X + "}"), ("nul-between", X + ',\0"a":1}'), ("letter-before", "x" + X + "}"),
    ("array-closed-by-brace", X + ',"a":[1}}'), ("object-closed-by-bracket", X + ',"a":{]}'),
    ("object-with-values", X + ',"a":{1,2}}'), ("array-with-keys", X + ',"a":["b":1]}'),
    ("vertical-tab", X + ',\x0b"a":1}'), ("form-feed", X + ',\x0c"a":1}'), ("no-break-space", X + ',\u00a0"a":1}'),
    ("True", X + ',"a":True}'), ("TRUE", X + ',"a":TRUE}'), ("None", X + ',"a":None}'), ("nil", X + ',"a":nil}'),
    ("undefined", X + ',"a":undefined}'), ("nul", X + ',"a":nul}'), ("truefalse", X + ',"a":truefalse}'),
    ("nulll", X + ',"a":nulll}'), ("word", X + ',"a":abc}'), ("open-array", X + ',"a":[}'),
    ("brace-alone", "}"), ("bracket-alone", "]"), ("open-brace", "{"), ("open-bracket", "["), ("quote", '"'),
    ("colon", ":"), ("comma", ","), ("array-then-object", "[] {}"), ("number-then-number", "1 2"),
    ("csv", "7,d,i,2026-11-20"), ("xml", "<event/>"), ("yaml", "app: 7"), ("jsonp", "f(" + X + "})"),
    ("record-separator", "\x1e" + X + "}"), ("template", "{{app}}"), ("concatenated-strings", X + ',"a":"b" "c"}'),
    ("multiline-string", X + ',"a":"b\nc"}'), ("backslash-newline", X + ',"a":"b\\\nc"}'),
):
    bad("syntax-" + name, text, "not_json")

# --- blanks -------------------------------------------------------------------------------------
BLANKS = '%s{%s"app"%s:%s7%s,%s"device_id":"d","$insert_id":"%s","server_upload_time":"2026-11-20 10:02:00"%s}%s'
for name, blank in (("space", " "), ("tab", "\t"), ("newline", "\n"), ("return", "\r"), ("all", " \t\r\n \n")):
    good("blanks-" + name, "", parts=[BLANKS % (blank, blank, blank, blank, blank, blank, "blanks-" + name, blank,
                                                blank)])
good("blanks-many", "", parts=["{" + base("blanks-many"), rep(" ", 100000), "}"])
good("blanks-in-extra", '"a"\n:\t1 ,\r"b" : [ 1 , 2 ] ', extra='{"a":1,"b":[ 1 , 2 ]}')
good("blanks-in-properties", '"plan" : \n{ "a" :\t[ ] }\r\n', {"plan": '{ "a" :\t[ ] }'})

# --- keys ---------------------------------------------------------------------------------------
for name, keys in (
    ("app", '"app":7'), ("by-escape", '"\\u0061pp":7'), ("by-one-escape", '"ap\\u0070":8'), ("unknown", '"x":1,"x":1'),
    ("unknown-by-escape", '"x":1,"\\u0078":2'), ("null", '"city":null,"city":null'), ("null-then-value", '"city":null,"city":"x"'),
    ("empty-key", '"":1,"":2'), ("slash", '"a/b":1,"a\\/b":2'), ("three", '"x":1,"y":1,"x":2,"x":3'),
    ("raw-and-escaped", '"\u00e9":1,"\\u00e9":2'), ("emoji", '"\U0001f600":1,"\\ud83d\\ude00":2'),
    ("unknown-null", '"x":null,"x":null'), ("far-apart", '"x":1,' + ",".join('"k%d":1' % i for i in range(200)) + ',"x":1'),
):
    refused("twice-" + name, keys, "duplicate_key")
good("twice-inside-properties", '"plan":{"a":1,"a":2}', {"plan": '{"a":1,"a":2}'})
good("twice-inside-unknown", '"x":{"a":1,"a":2}', extra='{"x":{"a":1,"a":2}}')
good("key-of-other-case", '"App":1,"CITY":"x"', extra='{"App":1,"CITY":"x"}')
good("key-with-blank", '" app":1,"app ":2', extra='{" app":1,"app ":2}')
good("key-without-dollar", '"insert_id":"other"', extra='{"insert_id":"other"}')
good("key-with-dollar", '"$app":1,"$schema":12', {"schema": 12}, extra='{"$app":1}')
good("key-empty", '"":""', extra='{"":""}')
good("key-nul", '"\\u0000":1', extra='{"\\u0000":1}')
good("key-escaped-column", '"c\\u0069ty":"x"', {"city": "x"})
good("key-escaped-misfit", '"c\\u0069ty":5', extra='{"c\\u0069ty":5}')
good("key-pair-of-surrogates", '"\\ud83d\\ude00":1', extra='{"\\ud83d\\ude00":1}')
good("key-raw-emoji", '"\U0001f600":1', extra='{"\U0001f600":1}')
good("key-quote", '"a\\"b":1', extra='{"a\\"b":1}')
good("key-backslash", '"a\\\\":1', extra='{"a\\\\":1}')
good("key-long", "", parts=["{" + base("key-long") + ',"', rep("k", 65536), '":1}'],
     extra={"parts": ['{"', rep("k", 65536), '":1}']})
good("key-of-a-megabyte", "", parts=["{" + base("key-of-a-megabyte") + ',"', rep("k", 1 << 20), '":1}'],
     extra={"parts": ['{"', rep("k", 1 << 20), '":1}']})
good("keys-by-the-thousand", ",".join('"k%d":%d' % (i, i) for i in range(2000)),
     extra="{" + ",".join('"k%d":%d' % (i, i) for i in range(2000)) + "}")
refused("key-lone-surrogate", '"\\ud800":1', "not_json")
refused("key-lone-surrogate-inside", '"plan":{"\\udc00":1}', "not_json")
good("key-like-extra", '"extra":1,"user":2,"shard":3,"kafka_offset":4,"batch_number":5',
     extra='{"extra":1,"user":2,"shard":3,"kafka_offset":4,"batch_number":5}')
good("keys-in-another-order", "", parts=[
    '{"server_upload_time":"2026-11-20 10:02:00","z":1,"$insert_id":"keys-in-another-order","a":2,"device_id":"d","app":7}'],
    extra='{"z":1,"a":2}')

# --- nesting and properties ---------------------------------------------------------------------
def nested(opening, closing, depth, core=""):
    return [rep(opening, depth)] + ([core] if core else []) + [rep(closing, depth)]

for depth, key in ((998, "plan"), (999, "plan"), (999, "x")):
    name = "deep-%s-%d" % (key, depth)
    parts = nested("[", "]", depth)
    where = {"columns": {"plan": {"parts": parts}}} if key == "plan" else {"extra": {"parts": ['{"x":'] + parts + ["}"]}}
    good(name, "", parts=["{" + base(name) + ',"%s":' % key] + parts + ["}"], **where)
good("deep-objects-999", "", {"plan": {"parts": nested('{"a":', "}", 999, "1")}},
     parts=["{" + base("deep-objects-999") + ',"plan":'] + nested('{"a":', "}", 999, "1") + ["}"])
for depth, key in ((1000, "plan"), (1001, "plan"), (10000, "plan"), (1000, "x"), (100000, "x"), (1000, "city")):
    bad("too-deep-%s-%d" % (key, depth), ["{" + base("x") + ',"%s":' % key] + nested("[", "]", depth) + ["}"], "too_deep")
bad("too-deep-objects", ["{" + base("x") + ',"plan":'] + nested('{"a":', "}", 1000, "1") + ["}"], "too_deep")
bad("too-deep-top-array", nested("[", "]", 1001), "too_deep")
bad("deep-top-array", nested("[", "]", 1000), "not_an_object")
bad("too-deep-and-open", [rep("[", 100000)], "too_deep")
bad("too-deep-objects-and-open", [rep('{"a":', 5000)], "too_deep")

for name, value in (
    ("dots", '{"ad_metrics.cost":0.5}'), ("brackets", '{"[Segment] Group":"a"}'), ("blanks", '{" a b ":1}'),
    ("quotes", '{"a\\"b":"c\\"d"}'), ("dollar", '{"$price":1}'), ("empty-name", '{"":1}'), ("slashes", '{"a/b\\/c":1}'),
    ("escapes-stay", '{"a":"\\u0041\\/\\u00e9"}'), ("digits-stay", '{"a":1.50,"b":1E2,"c":-0,"d":0.10}'),
    ("big-numbers-stay", '{"a":1e400,"b":123456789012345678901234567890}'), ("nul-stays", '{"a\\u0000":"\\u0000"}'),
    ("nulls", '{"a":null,"b":[null,null],"c":{"d":null}}'), ("arrays-of-objects", '{"products":[{"id":1},{"id":2,"tags":["a"]}]}'),
    ("mixed-array", '[1,"a",null,true,{"b":[]}]'), ("types-change", '{"a":5,"A":"5"}'), ("null-in-text", '{"a":"null"}'),
    ("quotes-and-brackets-in-text", '{"a":"}],{[\\"\\\\"}'), ("raw-emoji", '{"\U0001f600":"\U0001f600"}'),
    ("colon-in-name", '{"a:b":1,"c,d":2}'), ("column-names-inside", '{"app":5,"device_id":"other","server_upload_time":1}'),
    ("a-text", '"text"'), ("a-number", "-1.50"), ("true", "true"), ("numbers-as-names", '{"0":1,"1":2}'),
    ("proto", '{"__proto__":{"a":1},"constructor":1}'),
):
    good("properties-" + name, '"event_properties":%s,"user_properties":%s' % (value, value),
         {"event_properties": value, "user_properties": value})
    good("unknown-" + name, '"x":' + value, extra='{"x":' + value + "}")
good("properties-by-the-thousand", '"user_properties":{' + ",".join('"p%d":"v"' % i for i in range(2000)) + "}",
     {"user_properties": "{" + ",".join('"p%d":"v"' % i for i in range(2000)) + "}"})
good("properties-of-ten-megabytes", "", {"event_properties": {"parts": ['{"a":"', rep("x", 10 * 1000 * 1000), '"}']}},
     parts=["{" + base("properties-of-ten-megabytes") + ',"event_properties":{"a":"', rep("x", 10 * 1000 * 1000), '"}}'])
good("text-of-a-megabyte", "", {"city": {"parts": [rep("\u00e9", 1 << 19)]}},
     parts=["{" + base("text-of-a-megabyte") + ',"city":"', rep("\u00e9", 1 << 19), '"}'])
good("text-of-escapes", "", {"city": {"parts": [rep("\n", 50000)]}},
     parts=["{" + base("text-of-escapes") + ',"city":"', rep("\\n", 50000), '"}'])
good("integer-of-a-hundred-thousand-digits", "", extra={"parts": ['{"event_id":', rep("7", 100000), "}"]},
     parts=["{" + base("integer-of-a-hundred-thousand-digits") + ',"event_id":', rep("7", 100000), "}"])
good("fraction-of-a-hundred-thousand-digits", "", {"location_lat": 7 / 9},
     parts=["{" + base("fraction-of-a-hundred-thousand-digits") + ',"location_lat":0.', rep("7", 100000), "}"])
good("array-of-a-hundred-thousand", "", {"plan": {"parts": ["[", rep("0,", 99999), "0]"]}},
     parts=["{" + base("array-of-a-hundred-thousand") + ',"plan":[', rep("0,", 99999), "0]}"])

# --- what real exports do -----------------------------------------------------------------------
good("attribution-ids-text", '"amplitude_attribution_ids":"a"', {"amplitude_attribution_ids": "a"})
good("attribution-ids-array", '"amplitude_attribution_ids":["a","b"]', extra='{"amplitude_attribution_ids":["a","b"]}')
good("paying-as-text", '"paying":"true"', extra='{"paying":"true"}')
good("paying-none", '"paying":"(none)"', extra='{"paying":"(none)"}')
good("session-none", '"session_id":-1', {"session_id": -1})
good("sample-rate", '"sample_rate":0.50', {"sample_rate": "0.50"})
good("data-null", '"data":null,"groups":null,"plan":null,"unknown":null', extra='{"unknown":null}')
good("user-is-the-amplitude-id", '"amplitude_id":12,"user_id":"u"', {"amplitude_id": 12, "user_id": "u"}, user="12")
good("user-is-the-user-id", '"amplitude_id":null,"user_id":"u"', {"user_id": "u"}, user="u")
good("user-is-the-device", '"user_id":""', {"user_id": ""})
good("user-with-an-amplitude-id-that-does-not-fit", '"amplitude_id":"12","user_id":"u"', {"user_id": "u"},
     extra='{"amplitude_id":"12"}', user="u")

# --- times --------------------------------------------------------------------------------------
SECOND = 1000000
TEN = 1795168800 * SECOND  # 2026-11-20 10:00:00
TIMES = {
    "2026-11-20 10:00:00": TEN, "2026-11-20 10:00:00.1": TEN + 100000, "2026-11-20 10:00:00.12": TEN + 120000,
    "2026-11-20 10:00:00.123": TEN + 123000, "2026-11-20 10:00:00.1234": TEN + 123400,
    "2026-11-20 10:00:00.12345": TEN + 123450, "2026-11-20 10:00:00.123456": TEN + 123456,
    "2026-11-20 10:00:00.000001": TEN + 1, "2026-11-20 10:00:00.0": TEN, "2026-11-20 10:00:00.123456000": TEN + 123456,
    "2026-11-20T10:00:00": TEN, "2026-11-20T10:00:00Z": TEN, "2026-11-20T10:00:00.5Z": TEN + 500000,
    "2026-11-20T10:00:00+00:00": TEN, "2026-11-20T11:00:00+01:00": TEN, "2026-11-21T00:00:00+14:00": TEN,
    "2026-11-19T22:00:00-12:00": TEN, "2026-11-20T15:30:00+05:30": TEN, "2026-11-20T04:30:00-05:30": TEN,
    "2026-11-21T04:00:00+18:00": TEN, "1970-01-01 00:00:00": 0, "1969-12-31 23:59:59.999999": -1,
    "1969-12-31 23:59:59": -SECOND, "1970-01-01T00:00:00+01:00": -3600 * SECOND,
    "0000-01-01 00:00:00": -62167219200 * SECOND, "0001-01-01 00:00:00": -62135596800 * SECOND,
    "1582-10-10 00:00:00": -12219724800 * SECOND, "9999-12-31 23:59:59.999999": 253402300799999999,
    "2024-02-29 00:00:00": 1709164800 * SECOND, "2000-02-29 00:00:00": 951782400 * SECOND,
    "2026-11-20 23:59:59": 1795219199 * SECOND, "2038-01-19 03:14:08": 2**31 * SECOND,
    "9999-12-31T23:59:59Z": 253402300799 * SECOND,
}
for text, micros in TIMES.items():
    good("time-" + text, '"event_time":"%s"' % text, {"event_time": micros})
for text, micros in (("2026-11-20 10:00:00.1234567", TEN + 123456), ("2026-11-20 10:00:00.123456789", TEN + 123456),
                     ("2026-11-20T10:00:00.0000001Z", TEN), ("1969-12-31 23:59:59.9999999", -1)):
    good("fine-time-" + text, '"event_time":"%s"' % text, {"event_time": micros}, extra='{"event_time":"%s"}' % text)
for text in (
    "2026-11-20 10:00:00.", "2026-11-20 10:00:00.1234567890", "2026-11-20 24:00:00", "2026-11-20T24:00:00Z",
    "2026-11-20 23:59:60", "2026-12-31T23:59:60Z", "2026-11-20 10:60:00", "2026-02-29 10:00:00", "1900-02-29 00:00:00",
    "2026-02-30T10:00:00Z", "2026-13-01 00:00:00", "2026-00-01 00:00:00", "2026-11-00 00:00:00", "2026-11-31 00:00:00",
    " 2026-11-20 10:00:00", "2026-11-20 10:00:00 ", "2026-11-20  10:00:00", "2026/11/20 10:00:00", "20261120T100000Z",
    "2026-11-20 10:00:00Z", "2026-11-20 10:00:00+00:00", "2026-11-20T10:00:00[UTC]",
    "2026-11-20T10:00:00+01:00[Europe/Paris]", "2026-11-20T10:00:00,5Z", "2026-11-20T10:00:00+24:00",
    "2026-11-20T10:00:00+18:01", "2026-11-20T10:00:00+1:00", "2026-11-20T10:00:00 Z", "2026-11-20_10:00:00",
    "2026-11-20", "10:00:00", "2026-11-20T10:00Z", "yesterday", "now", "0", "1795168800", "1795168800000",
    "Fri, 20 Nov 2026 10:00:00 GMT", "20/11/2026 10:00:00", "-001-11-20 10:00:00", "+10000-01-01T00:00:00Z",
    "\uff12\uff10\uff12\uff16-11-20 10:00:00", "2026-11-20 1\u0660:00:00", "2026-11-20 10:00:00.\u0661",
    "2026-11-20 -1:00:00", "2026-11-20 10:00:0x", "2026-11-20 AM:00:00", "2026-1-20 10:00:00", "26-11-20 10:00:00",
    "2026-11-20T10:00:00GMT", "2026-11-20T10:00:00UTC", "2026-W47-5T10:00:00Z", "2026-324T10:00:00.000Z",
    "2026-11-20\u00a010:00:00", "2026-11-20T10:00:00ZZ", "2026-11-20T10:00:00+-1:00",
):
    name = "no-time-" + text.encode("ascii", "backslashreplace").decode()
    good(name, '"event_time":"%s"' % text, extra='{"event_time":"%s"}' % text)
for text in ("2026-11-20 24:00:00", "2026-11-20", "yesterday", "2026-11-20 10:00:00Z", "2026-02-29 10:00:00"):
    refused("upload-" + text, '"server_upload_time":"%s"' % text, "upload_time_invalid", without=("server_upload_time",))
for name, text, micros, extra in (
    ("offset", "2026-11-20T11:02:00+01:00", UPLOAD, None), ("zulu", "2026-11-20T10:02:00.000001Z", UPLOAD + 1, None),
    ("fine", "2026-11-20 10:02:00.0000019", UPLOAD + 1, '{"server_upload_time":"2026-11-20 10:02:00.0000019"}'),
    ("milliseconds", "2026-11-20 10:02:00.123", UPLOAD + 123000, None),
):
    good("upload-" + name, '"server_upload_time":"%s"' % text, {"server_upload_time": micros}, extra=extra,
         without=("server_upload_time",))
for text, micros, job in (("9999-12-31 23:59:59.999999", 253402300799999999, "too_early"),
                          ("2199-01-01T00:00:00Z", 7226582400 * SECOND, "too_early"),
                          ("0000-01-01 00:00:00", -62167219200 * SECOND, "unsent"),
                          ("1969-12-31 23:59:59.999999", -1, "unsent"),
                          ("1970-01-01 00:00:00", 0, "unsent")):
    good("upload-" + text, '"server_upload_time":"%s"' % text, {"server_upload_time": micros},
         without=("server_upload_time",), job=job)

# --- identity -----------------------------------------------------------------------------------
AT = '"app":7,"server_upload_time":"2026-11-20 10:02:00"'
HAS = {"app": 7, "server_upload_time": UPLOAD}


def identity(name, keys, columns, user=None, extra=None, reason=None):
    if reason:
        bad(name, "{" + AT + "," + keys + "}", reason)
    else:
        outcome = {"columns": {**HAS, **columns}, "user": user}
        if extra:
            outcome["extra"] = extra
        put(name, ["{" + AT + "," + keys + "}"], **outcome)


def id_good(name, keys, columns, user=None, extra=None):
    identity(name, keys, columns, user, extra)


def id_bad(name, keys, reason):
    identity(name, keys, {}, reason=reason)


CLIENT = 1795168800000000
id_good("identity-uuid", '"uuid":"u-1"', {"uuid": "u-1"})
id_good("identity-uuid-and-device", '"uuid":"u-2","device_id":"d"', {"uuid": "u-2", "device_id": "d"}, "d")
id_good("identity-uuid-and-insert-id", '"uuid":"u-3","$insert_id":"i"', {"uuid": "u-3", "insert_id": "i"})
id_good("identity-uuid-and-empty-insert-id", '"uuid":"u-4","$insert_id":"","device_id":"d"',
        {"uuid": "u-4", "insert_id": "", "device_id": "d"}, "d")
id_good("identity-uuid-and-empty-device", '"uuid":"u-5","$insert_id":"i","device_id":""',
        {"uuid": "u-5", "insert_id": "i", "device_id": ""})
id_good("identity-uuid-and-null-device", '"uuid":"u-6","$insert_id":"i","device_id":null', {"uuid": "u-6", "insert_id": "i"})
id_good("identity-uuid-though-the-counter-is-wrong", '"uuid":"u-7","device_id":"d","event_id":"5"',
        {"uuid": "u-7", "device_id": "d"}, "d", '{"event_id":"5"}')
id_good("identity-counter", '"device_id":"c1","event_id":5,"client_event_time":"2026-11-20 10:00:00"',
        {"device_id": "c1", "event_id": 5, "client_event_time": CLIENT}, "c1")
id_good("identity-counter-zero", '"device_id":"c1","event_id":0,"client_event_time":"1970-01-01 00:00:00"',
        {"device_id": "c1", "event_id": 0, "client_event_time": 0}, "c1")
id_good("identity-counter-negative", '"device_id":"c1","event_id":-5,"client_event_time":"2026-11-20 10:00:00"',
        {"device_id": "c1", "event_id": -5, "client_event_time": CLIENT}, "c1")
id_good("identity-counter-and-empty-uuid", '"uuid":"","device_id":"c2","event_id":5,"client_event_time":"2026-11-20 10:00:00"',
        {"uuid": "", "device_id": "c2", "event_id": 5, "client_event_time": CLIENT}, "c2")
id_good("identity-counter-with-a-fine-time", '"device_id":"c3","event_id":5,"client_event_time":"2026-11-20 10:00:00.0000001"',
        {"device_id": "c3", "event_id": 5, "client_event_time": CLIENT}, "c3",
        '{"client_event_time":"2026-11-20 10:00:00.0000001"}')
id_good("identity-though-uuid-is-empty", '"uuid":"","device_id":"e1","$insert_id":"i"',
        {"uuid": "", "device_id": "e1", "insert_id": "i"}, "e1")
id_bad("identity-none", '"city":"x"', "identity_missing")
id_bad("identity-device-alone", '"device_id":"d"', "identity_missing")
id_bad("identity-all-empty", '"device_id":"","$insert_id":"","uuid":""', "identity_missing")
id_bad("identity-all-null", '"device_id":null,"$insert_id":null,"uuid":null', "identity_missing")
id_bad("identity-counter-without-time", '"device_id":"d","event_id":5', "identity_missing")
id_bad("identity-counter-without-number", '"device_id":"d","client_event_time":"2026-11-20 10:00:00"', "identity_missing")
id_bad("identity-counter-without-device", '"event_id":5,"client_event_time":"2026-11-20 10:00:00"', "identity_missing")
id_bad("identity-counter-with-empty-device", '"device_id":"","event_id":5,"client_event_time":"2026-11-20 10:00:00"',
       "identity_missing")
id_bad("identity-counter-text", '"device_id":"d","event_id":"5","client_event_time":"2026-11-20 10:00:00"', "identity_invalid")
id_bad("identity-counter-fraction", '"device_id":"d","event_id":5.0,"client_event_time":"2026-11-20 10:00:00"', "identity_invalid")
id_bad("identity-counter-too-large", '"device_id":"d","event_id":9223372036854775808,"client_event_time":"2026-11-20 10:00:00"',
       "identity_invalid")
id_bad("identity-counter-no-time", '"device_id":"d","event_id":5,"client_event_time":"soon"', "identity_invalid")
id_bad("identity-uuid-number", '"uuid":5', "identity_invalid")
id_bad("identity-uuid-object", '"uuid":{},"device_id":"d","$insert_id":"i"', "identity_invalid")
for name, text, value in (("one-byte", "a", "a"), ("nul", "\\u0000", "\0"), ("blank", " ", " "), ("emoji", "\U0001f600", "\U0001f600"),
                          ("escaped-emoji", "\\ud83d\\ude01", "\U0001f601"), ("colon", "Property Pre-Order Submitted:1",
                                                                            "Property Pre-Order Submitted:1"),
                          ("quote", '\\"', '"'), ("newline", "\\n", "\n"), ("the-word-null", "null", "null"),
                          ("composed", "\u00e9", "\u00e9"), ("decomposed", "e\u0301", "e\u0301")):
    id_good("id-" + name, '"device_id":"ids","$insert_id":"%s"' % text, {"device_id": "ids", "insert_id": value}, "ids")
    id_good("device-" + name, '"device_id":"%s","$insert_id":"devices"' % text,
            {"device_id": value, "insert_id": "devices"}, value)
LONG = [rep("0123456789abcdef", 4096)]
put("id-of-64-kilobytes", ["{" + AT + ',"device_id":"ids","$insert_id":"', *LONG, '"}'],
    columns={**HAS, "device_id": "ids", "insert_id": {"parts": LONG}}, user="ids")
put("id-of-64-kilobytes-and-one", ["{" + AT + ',"device_id":"ids","$insert_id":"', *LONG, '0"}'],
    columns={**HAS, "device_id": "ids", "insert_id": {"parts": LONG + ["0"]}}, user="ids")
put("device-of-64-kilobytes", ["{" + AT + ',"$insert_id":"devices","device_id":"', *LONG, '"}'],
    columns={**HAS, "insert_id": "devices", "device_id": {"parts": LONG}}, user={"parts": LONG})
put("uuid-of-64-kilobytes", ["{" + AT + ',"uuid":"', *LONG, '"}'], columns={**HAS, "uuid": {"parts": LONG}}, user=None)

with open("torture.jsonl", "w", encoding="ascii") as out:
    for line in LINES:
        out.write(json.dumps(line) + "\n")
print(len(LINES), "inputs,", sum("rejected" in line for line in LINES), "rejected")
