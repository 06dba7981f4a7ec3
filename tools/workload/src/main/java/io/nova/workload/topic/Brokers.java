package io.nova.workload.topic;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * A Kafka cluster and how clients reach it.
 *
 * @param bootstrapServers host and port of one broker or several
 * @param settings further settings of every client, such as those of SASL and TLS
 */
public record Brokers(String bootstrapServers, Map<String, String> settings) {
  /** Keeps a copy. */
  public Brokers {
    settings = Map.copyOf(settings);
  }

  /** Brokers that need no further settings. */
  public static Brokers at(String bootstrapServers) {
    return new Brokers(bootstrapServers, Map.of());
  }

  /** The settings of one client: these, and its own, which win. */
  public Map<String, Object> client(Map<String, Object> own) {
    HashMap<String, Object> all = new HashMap<>(settings);
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    all.putAll(own);
    return all;
  }
}
