package io.nova.judge.record;

import io.nova.judge.record.ExportKey.Fit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The 55 keys of an export record, with their columns in the table. */
public final class ExportKeys {
  private static final Map<Fit, String> NAMES =
      Map.of(
          Fit.TEXT,
          "$insert_id $insert_key adid amplitude_attribution_ids amplitude_event_type city country"
              + " data_type device_brand device_carrier device_family device_id"
              + " device_manufacturer device_model device_type dma event_type idfa ip_address"
              + " language library os_name os_version partner_id platform region source_id"
              + " start_version user_id uuid version_name",
          Fit.INTEGER,
          "$schema app event_id amplitude_id session_id",
          Fit.DOUBLE,
          "location_lat location_lng",
          Fit.BOOLEAN,
          "paying is_attribution_event",
          Fit.TIME,
          "client_event_time client_upload_time event_time processed_time server_received_time"
              + " server_upload_time user_creation_time",
          Fit.JSON,
          "event_properties user_properties group_properties groups plan data"
              + " global_user_properties sample_rate");

  /** All keys, in the order of their columns. */
  public static final List<ExportKey> ALL = all();

  private static final Map<String, ExportKey> BY_NAME = byName();

  static final ExportKey APP = key("app");
  static final ExportKey DEVICE_ID = key("device_id");
  static final ExportKey INSERT_ID = key("$insert_id");
  static final ExportKey UUID = key("uuid");
  static final ExportKey EVENT_ID = key("event_id");
  static final ExportKey CLIENT_EVENT_TIME = key("client_event_time");
  static final ExportKey UPLOAD_TIME = key("server_upload_time");
  static final ExportKey AMPLITUDE_ID = key("amplitude_id");
  static final ExportKey USER_ID = key("user_id");

  private ExportKeys() {}

  /** The keys by their names in the record. */
  static Map<String, ExportKey> byNameInRecord() {
    return BY_NAME;
  }

  private static ExportKey key(String name) {
    ExportKey key = BY_NAME.get(name);
    if (key == null) {
      throw new IllegalStateException("No export key is called " + name);
    }
    return key;
  }

  private static List<ExportKey> all() {
    HashMap<String, Fit> kinds = new HashMap<>();
    NAMES.forEach((kind, names) -> Stream.of(names.split(" ")).forEach(n -> kinds.put(n, kind)));
    List<String> sorted =
        kinds.keySet().stream().sorted(Comparator.comparing(ExportKey::columnOf)).toList();
    return sorted.stream()
        .map(name -> new ExportKey(name, kinds.getOrDefault(name, Fit.TEXT), sorted.indexOf(name)))
        .toList();
  }

  private static Map<String, ExportKey> byName() {
    HashMap<String, ExportKey> keys = new HashMap<>();
    ALL.forEach(key -> keys.put(key.name(), key));
    return keys;
  }
}
