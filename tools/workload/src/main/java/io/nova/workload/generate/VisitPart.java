package io.nova.workload.generate;

import java.util.concurrent.TimeUnit;

/**
 * Writes the 41 keys that are the same for all events of a visit, from the first comma to the
 * closing brace. As in real exports, some values have another type than usual, and some keys are
 * unknown. For one thread.
 */
final class VisitPart {
  private static final String[] VERSIONS = {"4.2.0", "4.2.1", "4.3.0", "4.10.0-beta"};
  private static final String[] PLANS = {"free", "pro", "team"};
  private static final String[] SOURCES = {"ads", "organic", "friend", "newsletter"};

  private final JsonBuffer out = new JsonBuffer();

  byte[] bytes(Visit visit) {
    Person person = visit.person;
    Dice traits = person.traitDice();
    Dice visitDice = Dice.of(visit.details, Dice.Purpose.VISIT);
    out.clear();
    ids(visit, person, traits);
    device(person);
    place(person, traits);
    objects(traits, visitDice);
    oddities(visitDice);
    return out.raw("}").toBytes();
  }

  private void ids(Visit visit, Person person, Dice traits) {
    long created = visit.startMicros - traits.between(1, 900) * DayShape.DAY_MICROS;
    out.raw(",\"app\":").number(person.app());
    out.key("device_id").string(person.deviceId());
    out.key("session_id").raw(sessionOf(visit));
    out.key("user_creation_time").time(created / 1_000_000 * 1_000_000);
    out.key("start_version").string(traits.pick(VERSIONS));
    out.key("version_name").string(traits.pick(VERSIONS));
    out.key("$insert_key").raw("null").key("$schema").raw("null");
    out.key("adid").raw("null").key("idfa").raw("null");
    out.key("partner_id").raw("null").key("source_id").raw("null");
    out.key("data_type").string("event");
  }

  /** The session of a server is -1: it has none. */
  private static String sessionOf(Visit visit) {
    long millis = TimeUnit.MICROSECONDS.toMillis(visit.happenedMicros(0));
    return visit.person.platform() == Platform.SERVER ? "-1" : Long.toString(millis);
  }

  private void device(Person person) {
    Platform platform = person.platform();
    out.key("platform").raw(platform.platform).key("os_name").raw(platform.osName);
    out.key("os_version").raw(platform.osVersion).key("device_type").raw(platform.deviceType);
    out.key("device_family").raw(platform.deviceFamily).key("device_brand").raw(platform.brand);
    out.key("device_manufacturer").raw(platform.manufacturer);
    out.key("device_model").raw(platform.model).key("library").raw(platform.library);
    out.key("device_carrier").raw("null");
  }

  private void place(Person person, Dice traits) {
    Place place = person.place();
    boolean located = traits.below(4) == 0;
    out.key("country").string(place.country).key("region").string(place.region);
    out.key("city").string(place.city).key("dma").raw("null");
    out.key("language").string(place.language);
    out.key("ip_address").raw("\"198.51.100.").number(traits.below(256)).raw("\"");
    out.key("location_lat");
    coordinate(place.latHundredths, located);
    out.key("location_lng");
    coordinate(place.lngHundredths, located);
  }

  private void coordinate(int hundredths, boolean known) {
    if (!known) {
      out.raw("null");
    } else if (hundredths % 100 == 0) {
      out.number(hundredths / 100);
    } else {
      out.raw(hundredths < 0 ? "-" : "").hundredths(Math.abs(hundredths));
    }
  }

  private void objects(Dice traits, Dice visit) {
    out.key("user_properties").raw("{\"plan\":").string(traits.pick(PLANS));
    out.key("[Segment] Group").string(traits.below(2) == 0 ? "a" : "b");
    out.key("signup.source").string(traits.pick(SOURCES));
    out.key("visits").raw(visit.below(20) == 0 ? "\"12\"" : "12");
    out.key("lifetime value").hundredths(traits.between(0, 90_000)).raw("}");
    out.key("group_properties").raw("{}");
    out.key("groups").raw(traits.below(5) == 0 ? "{\"company\":[\"Acme, Inc.\"]}" : "{}");
    out.key("global_user_properties").raw(traits.below(9) == 0 ? "{}" : "null");
    out.key("plan").raw(visit.below(9) == 0 ? "{\"branch\": \"main\", \"version\": 4}" : "null");
    out.key("data").raw("{\"path\":\"/batch\"}");
  }

  /** Values of another type than usual, and unknown keys. */
  private void oddities(Dice visit) {
    int odd = visit.below(200);
    out.key("paying").raw(odd < 6 ? "\"true\"" : odd < 60 ? "true" : "null");
    out.key("is_attribution_event").raw(odd < 100 ? "false" : "null");
    out.key("sample_rate").raw(odd == 7 ? "0.5" : "null");
    out.key("amplitude_attribution_ids").raw(odd == 8 ? "[\"a1\",\"b2\"]" : "null");
    if (odd == 9) {
      out.key("$ingest_region").string("eu").key("$trace").raw("{\"a.b\": [1, 2.50, null]}");
    }
    if (odd == 10) {
      out.key("caf\u00e9 \\\"x\\\"").raw("null").key("").raw("1e400");
    }
  }
}
