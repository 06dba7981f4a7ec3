package io.nova.workload.generate;

import org.jspecify.annotations.Nullable;

/** The platforms of clients. Each field is a JSON value: a string in quotes, or null. */
enum Platform {
  WEB_CHROME("Web", "Chrome", "122", "Windows", "Windows", null, null, null, "amplitude-ts/2.5.2"),
  WEB_SAFARI("Web", "Safari", "17.3", "Mac", "Mac", "Apple", "Apple", null, "amplitude-ts/2.5.2"),
  WEB_FIREFOX("Web", "Firefox", "123", "Linux", "Linux", null, null, null, "amplitude-js/8.21.9"),
  IPHONE(
      "iOS",
      "ios",
      "17.3.1",
      "Apple iPhone 14",
      "Apple iPhone",
      "Apple",
      "Apple",
      "iPhone14,7",
      "amplitude-ios/8.18.3"),
  IPAD(
      "iOS",
      "ios",
      "16.7",
      "Apple iPad Air",
      "Apple iPad",
      "Apple",
      "Apple",
      "iPad13,16",
      "amplitude-ios/8.17.0"),
  PIXEL(
      "Android",
      "android",
      "14",
      "Google Pixel 8",
      "Google Phone",
      "google",
      "Google",
      "Pixel 8",
      "amplitude-android/2.39.8"),
  GALAXY(
      "Android",
      "android",
      "13",
      "Samsung Galaxy S22",
      "Samsung Galaxy Phone",
      "samsung",
      "samsung",
      "SM-S901B",
      "amplitude-android/2.39.8"),
  SERVER(null, null, null, null, null, null, null, null, "amplitude-java/1.12.4");

  static final Platform[] WEB = {WEB_CHROME, WEB_CHROME, WEB_SAFARI, WEB_FIREFOX};
  static final Platform[] MOBILE = {IPHONE, GALAXY, PIXEL, IPAD, IPHONE, GALAXY};

  final String platform;
  final String osName;
  final String osVersion;
  final String deviceType;
  final String deviceFamily;
  final String brand;
  final String manufacturer;
  final String model;
  final String library;

  Platform(
      @Nullable String platform,
      @Nullable String osName,
      @Nullable String osVersion,
      @Nullable String deviceType,
      @Nullable String deviceFamily,
      @Nullable String brand,
      @Nullable String manufacturer,
      @Nullable String model,
      String library) {
    this.platform = json(platform);
    this.osName = json(osName);
    this.osVersion = json(osVersion);
    this.deviceType = json(deviceType);
    this.deviceFamily = json(deviceFamily);
    this.brand = json(brand);
    this.manufacturer = json(manufacturer);
    this.model = json(model);
    this.library = json(library);
  }

  private static String json(@Nullable String value) {
    return value == null ? "null" : '"' + value + '"';
  }
}
