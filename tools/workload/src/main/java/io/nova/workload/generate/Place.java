package io.nova.workload.generate;

/** Places of users, as the export writes them. Names are JSON text without quotes. */
enum Place {
  BERLIN("Germany", "Land Berlin", "Berlin", "German", 5252, 1340),
  MUNICH("Germany", "Bavaria", "München", "German", 4814, 1158),
  PARIS("France", "Île-de-France", "Paris", "French", 4886, 235),
  LONDON("United Kingdom", "England", "London", "English", 5151, -13),
  NEW_YORK("United States", "New York", "New York", "English", 4071, -7401),
  OAKLAND("United States", "California", "Oakland", "English", 3780, -12227),
  SAO_PAULO("Brazil", "S\\u00e3o Paulo", "S\\u00e3o Paulo", "Portuguese", -2355, -4663),
  TOKYO("Japan", "東京都", "千代田区", "Japanese", 3569, 13975),
  MUMBAI("India", "Maharashtra", "Mumbai", "English", 1908, 7288),
  LAGOS("Nigeria", "Lagos", "Lagos", "English", 645, 339);

  static final Place[] ALL = values();

  final String country;
  final String region;
  final String city;
  final String language;
  final int latHundredths;
  final int lngHundredths;

  Place(
      String country,
      String region,
      String city,
      String language,
      int latHundredths,
      int lngHundredths) {
    this.country = country;
    this.region = region;
    this.city = city;
    this.language = language;
    this.latHundredths = latHundredths;
    this.lngHundredths = lngHundredths;
  }
}
