package io.nova.event.mapping;

/** Handmade records of other producers. */
final class Producers {
  static final String GITHUB =
      "{\"id\":\"40000000001\",\"type\":\"PushEvent\","
          + "\"actor\":{\"id\":17,\"login\":\"ada\",\"url\":\"https://example.org/ada\"},"
          + "\"repo\":{\"id\":5,\"name\":\"ada/engine\"},"
          + "\"payload\":{\"size\":1,\"commits\":[{\"sha\":\"00ff\"}]},"
          + "\"public\":true,\"created_at\":\"2026-11-20T10:02:00Z\"}";
  static final String SEGMENT =
      "{\"anonymousId\":\"anon-1\",\"userId\":\"u1\",\"messageId\":\"m-1\",\"type\":\"track\","
          + "\"event\":\"Order Completed\",\"receivedAt\":\"2026-11-20T10:02:00.123Z\","
          + "\"timestamp\":\"2026-11-20T12:01:58.000+02:00\",\"sentAt\":null,"
          + "\"context\":{\"ip\":\"192.0.2.7\",\"os\":{\"name\":\"iOS\"}},"
          + "\"properties\":{ \"total\":27.50}}";
  static final String SNOWPLOW =
      "{\"app_id\":\"web\",\"platform\":\"web\",\"event\":\"page_view\",\"event_name\":\"page_view\","
          + "\"event_id\":\"c6ef3124-b53a-4b13-a233-0088f79dcbcb\",\"domain_userid\":\"d-1\","
          + "\"user_id\":null,\"collector_tstamp\":\"2026-11-20 10:02:00\","
          + "\"dvce_created_tstamp\":\"2026-11-20 10:01:57.250\",\"geo_latitude\":47.5,"
          + "\"page_url\":\"https://example.org/\",\"unstruct_event\":{\"schema\":\"iglu:x\"}}";
  static final String POSTHOG =
      "{\"uuid\":\"01935c2f-4a00-7000-8000-0000000000aa\",\"event\":\"$pageview\","
          + "\"distinct_id\":\"u1\",\"team_id\":2,\"timestamp\":\"2026-11-20T10:01:57.250Z\","
          + "\"created_at\":\"2026-11-20 10:02:00.123000\",\"elements_chain\":\"\","
          + "\"person_properties\":{\"plan\":\"free\"},"
          + "\"properties\":{\"$device_id\":\"d-1\",\"$ip\":\"192.0.2.7\",\"$os\":\"Linux\","
          + "\"$geoip_latitude\":47.5,\"$current_url\":\"https://example.org/\"}}";
  static final String RUDDERSTACK =
      "{\"messageId\":\"m-1\",\"type\":\"track\",\"event\":\"Order Completed\","
          + "\"channel\":\"web\",\"userId\":\"u1\",\"anonymousId\":\"anon-1\","
          + "\"rudderId\":\"r-1\",\"request_ip\":\"192.0.2.7\",\"integrations\":{\"All\":true},"
          + "\"originalTimestamp\":\"2026-11-20T10:01:57.250Z\","
          + "\"sentAt\":\"2026-11-20T10:01:58.000Z\",\"receivedAt\":\"2026-11-20T10:02:00.123Z\","
          + "\"context\":{\"traits\":{\"plan\":\"free\"},\"os\":{\"name\":\"iOS\"}},"
          + "\"properties\":{\"total\":27.50}}";
  static final String GA4 =
      "{\"event_date\":\"20261120\",\"event_timestamp\":\"1795168920123456\","
          + "\"event_name\":\"page_view\",\"event_bundle_sequence_id\":\"-77\","
          + "\"batch_event_index\":2,\"user_pseudo_id\":\"11.22\",\"user_id\":\"u1\","
          + "\"user_first_touch_timestamp\":\"1795168000000000\",\"stream_id\":\"5\","
          + "\"platform\":\"WEB\",\"device\":{\"category\":\"mobile\",\"language\":\"de-de\"},"
          + "\"geo\":{\"country\":\"Germany\",\"city\":\"Bonn\"},"
          + "\"event_params\":[{\"key\":\"page\",\"value\":{\"string_value\":\"/\"}}]}";
  static final String CLOUDEVENT =
      "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/shop/cart\","
          + "\"type\":\"org.example.order.completed\",\"subject\":\"u1\","
          + "\"time\":\"2026-11-20T12:01:57.25+02:00\","
          + "\"recordedtime\":\"2026-11-20T10:02:00Z\",\"datacontenttype\":\"application/json\","
          + "\"data\":{\"total\":27.50}}";
  static final String AMPLITUDE_HTTP =
      "{\"user_id\":\"u1\",\"device_id\":\"d-1\",\"event_type\":\"Order Completed\","
          + "\"time\":1795168917250,\"insert_id\":\"i-1\",\"session_id\":1795168000000,"
          + "\"event_id\":3,\"app_version\":\"2.1\",\"carrier\":\"Example\",\"ip\":\"192.0.2.7\","
          + "\"price\":9.5,\"event_properties\":{\"total\":27.50},"
          + "\"server_upload_time\":\"2026-11-20 10:02:00.123000\"}";

  private Producers() {}
}
