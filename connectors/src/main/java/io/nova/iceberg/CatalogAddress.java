package io.nova.iceberg;

import java.io.IOException;
import java.io.Reader;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.jspecify.annotations.Nullable;

/**
 * Where the tables of a warehouse are registered: the warehouse, and the properties of its Iceberg
 * catalog by Iceberg's names.
 *
 * <p>Values may be secrets. Neither {@link #toString()} nor a message has one. Immutable, and
 * serialized with jobs and queries.
 *
 * @param warehouse a folder, or the name that a REST catalog has for the warehouse
 * @param properties the properties; empty for the Hadoop catalog
 */
public record CatalogAddress(String warehouse, Map<String, String> properties)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /** The option for the kind of the catalog. */
  public static final String TYPE = CatalogUtil.ICEBERG_CATALOG_TYPE;

  /** The option for a class, in place of a kind. */
  public static final String IMPL = "impl";

  /** The option for a file with more properties. */
  public static final String PROPERTIES_FILE = "properties-file";

  private static final String HADOOP = CatalogUtil.ICEBERG_CATALOG_TYPE_HADOOP;
  private static final String JDBC = CatalogUtil.ICEBERG_CATALOG_TYPE_JDBC;
  private static final List<String> TYPES = List.of(HADOOP, "rest", JDBC, "hive", "glue");
  private static final Map<String, String> CLASSES =
      Map.of(
          "rest",
          CatalogUtil.ICEBERG_CATALOG_REST,
          JDBC,
          CatalogUtil.ICEBERG_CATALOG_JDBC,
          "hive",
          CatalogUtil.ICEBERG_CATALOG_HIVE,
          "glue",
          CatalogUtil.ICEBERG_CATALOG_GLUE);
  private static final List<String> WITH_URI = List.of("rest", JDBC);
  private static final String CONSEQUENCE = "Nothing was opened or changed.";

  private static final Pattern SECRET =
      Pattern.compile(
          "(?i).*(password|secret|token|credential|authorization|connection-string|(access|account|api|shared)[.-]key).*"
              + "|.*[.-]key");
  private static final Pattern HARMLESS_NAME = Pattern.compile(".*-(provider|uri|enabled|file|ms)");
  private static final Pattern HARMLESS_VALUE = Pattern.compile("(?i)true|false");
  private static final Pattern SECRET_IN_URI =
      Pattern.compile(
          "(?i).*((password|pwd|token|secret)=|://[^/@]*:[^/@]*@|jdbc:oracle:[^/@]*/[^@]+@).*");

  public CatalogAddress {
    properties = Map.copyOf(properties);
  }

  /** A warehouse of the Hadoop catalog. */
  public static CatalogAddress hadoop(String warehouse) {
    return new CatalogAddress(warehouse, Map.of());
  }

  /**
   * Checks options and reads the file that they name. The options win over the file.
   *
   * @param prefix what stands before each option's name, for messages
   * @param options {@link #TYPE}, {@link #IMPL}, {@link #PROPERTIES_FILE}, and Iceberg's properties
   * @throws IllegalArgumentException which names the option, what was found and what was expected
   */
  public static CatalogAddress of(String prefix, String warehouse, Map<String, String> options) {
    TreeMap<String, String> given = new TreeMap<>(options);
    @Nullable String file = given.remove(PROPERTIES_FILE);
    if (file != null && !file.isBlank()) {
      read(prefix, file.strip()).forEach(given::putIfAbsent);
    }
    @Nullable String impl = given.remove(IMPL);
    @Nullable String type = given.remove(TYPE);
    if (impl != null && type != null) {
      throw wrong(prefix + IMPL, "also " + prefix + TYPE, "one of the two");
    }
    if (given.containsKey(CatalogProperties.CATALOG_IMPL)) {
      throw wrong(prefix + CatalogProperties.CATALOG_IMPL, "a class", "it in " + prefix + IMPL);
    }
    if (given.containsKey(CatalogProperties.WAREHOUSE_LOCATION)) {
      throw wrong(
          prefix + CatalogProperties.WAREHOUSE_LOCATION,
          "a second warehouse",
          "the option for the warehouse alone");
    }
    if (impl != null && !impl.equals(VerifiedHadoopCatalog.class.getName())) {
      given.put(CatalogProperties.CATALOG_IMPL, impl);
    } else if (type != null && !type.equals(HADOOP)) {
      if (!TYPES.contains(type)) {
        throw wrong(prefix + TYPE, type, "one of %s, or %s%s".formatted(TYPES, prefix, IMPL));
      }
      given.put(TYPE, type);
    }
    checkUri(prefix, type, given.get(CatalogProperties.URI));
    CatalogAddress address = new CatalogAddress(warehouse, given);
    if (address.isHadoop() && given.containsKey(CatalogProperties.URI)) {
      throw wrong(
          prefix + CatalogProperties.URI,
          "an address without a kind of catalog",
          "%s%s or %s%s too, since the Hadoop catalog has none"
              .formatted(prefix, TYPE, prefix, IMPL));
    }
    return address;
  }

  private static void checkUri(String prefix, @Nullable String type, @Nullable String uri) {
    String option = prefix + CatalogProperties.URI;
    if (type != null && WITH_URI.contains(type) && (uri == null || uri.isBlank())) {
      throw wrong(option, "nothing", "the address of the catalog, as %s needs it".formatted(type));
    }
    // Iceberg's messages repeat the URI.
    if (uri != null && SECRET_IN_URI.matcher(uri).matches()) {
      throw wrong(
          option,
          "a password in it",
          "a property of its own, such as %sjdbc.password".formatted(prefix));
    }
  }

  private static Map<String, String> read(String prefix, String file) {
    Properties properties = new Properties();
    try (Reader text = Files.newBufferedReader(Path.of(file))) {
      properties.load(text);
    } catch (IOException | IllegalArgumentException e) {
      // The text of a parser's message may be a part of the file.
      throw wrong(
          prefix + PROPERTIES_FILE,
          "%s, which cannot be read (%s)".formatted(file, e.getClass().getSimpleName()),
          "a properties file on this machine");
    }
    Map<String, String> read = new TreeMap<>();
    properties.forEach((name, value) -> read.put((String) name, (String) value));
    if (read.containsKey(PROPERTIES_FILE)) {
      throw wrong(prefix + PROPERTIES_FILE, "another file named in " + file, "one file");
    }
    return read;
  }

  private static IllegalArgumentException wrong(String option, String found, String expected) {
    return new IllegalArgumentException(
        "Option %s: found %s, expected %s. %s".formatted(option, found, expected, CONSEQUENCE));
  }

  /** Whether an option's value must not be shown. */
  public static boolean isSecret(String name, String value) {
    return SECRET.matcher(name).matches()
        && !HARMLESS_NAME.matcher(name).matches()
        && !HARMLESS_VALUE.matcher(value).matches();
  }

  /** Whether the tables are registered by their folders alone. */
  public boolean isHadoop() {
    return !properties.containsKey(TYPE) && !properties.containsKey(CatalogProperties.CATALOG_IMPL);
  }

  /**
   * Whether Nova's process writes the metadata files of its tables, and may remove old ones. A
   * server writes them by its own rules, and may have a use for an old one.
   */
  public boolean ownsMetadataFiles() {
    return isHadoop() || kind().equals(JDBC);
  }

  /** The kind of the catalog, or its class. */
  public String kind() {
    return properties.getOrDefault(
        TYPE, properties.getOrDefault(CatalogProperties.CATALOG_IMPL, HADOOP));
  }

  /**
   * The properties with the warehouse and the class, as every engine's Iceberg takes them. They may
   * contain secrets.
   */
  public Map<String, String> forIceberg() {
    TreeMap<String, String> all = new TreeMap<>(properties);
    String kind = kind();
    all.remove(TYPE);
    all.put(CatalogProperties.WAREHOUSE_LOCATION, warehouse);
    all.put(
        CatalogProperties.CATALOG_IMPL,
        isHadoop() ? VerifiedHadoopCatalog.class.getName() : CLASSES.getOrDefault(kind, kind));
    return all;
  }

  /**
   * The same for an engine that has another name for the catalog. They may contain secrets.
   *
   * @see NovaJdbcCatalog
   */
  public Map<String, String> underAnotherName() {
    Map<String, String> all = forIceberg();
    if (kind().equals(JDBC)) {
      all.put(CatalogProperties.CATALOG_IMPL, NovaJdbcCatalog.class.getName());
    }
    return all;
  }

  /** The names of the properties that must not be shown, sorted. */
  public List<String> secrets() {
    return properties.entrySet().stream()
        .filter(one -> isSecret(one.getKey(), one.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** The kind, the warehouse and the names of the properties. */
  @Override
  public String toString() {
    return "%s catalog of %s %s"
        .formatted(kind(), warehouse, new TreeMap<>(properties).navigableKeySet());
  }
}
