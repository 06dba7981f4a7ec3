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

  private Producers() {}
}
