package io.nova.workload.generate;

import io.nova.workload.generate.Dice.Purpose;

/**
 * A user of the product, the same for the same seed and rank.
 *
 * @param rank the place among all users by number of visits; 0 has the most
 * @param app the id of the app that they use
 * @param deviceId the id of their device; every 37th shares it with the user before
 * @param userId their user id as a JSON value; null before a login
 * @param amplitudeId their amplitude_id
 * @param platform the platform of their device
 * @param place where they are
 * @param clockOffsetMicros the error of their device's clock
 * @param traits a seed for all other properties
 */
record Person(
    int rank,
    long app,
    String deviceId,
    String userId,
    long amplitudeId,
    Platform platform,
    Place place,
    long clockOffsetMicros,
    long traits) {
  private static final long[] APPS = {100_001, 100_001, 100_001, 100_002, 100_002, 100_003};
  private static final int SHARED_DEVICE_EVERY = 37;
  private static final long DAY_MICROS = DayShape.DAY_MICROS;

  static Person of(long seed, int rank) {
    Dice dice = Dice.of(seed, Purpose.PERSON, rank);
    boolean shares = rank % SHARED_DEVICE_EVERY == 1;
    long app = shares ? of(seed, rank - 1).app() : APPS[dice.below(APPS.length)];
    byte[] ownDevice = new JsonBuffer().uuid(dice.next(), dice.next()).toBytes();
    String device = shares ? of(seed, rank - 1).deviceId() : ascii(ownDevice);
    return new Person(
        rank,
        app,
        device,
        dice.below(100) < 60 ? "\"user-%06d@shop.example\"".formatted(rank) : "null",
        400_000_000_000L + dice.between(0, 99_999_999) * 1000 + rank % 1000,
        platformOf(app, dice),
        dice.pick(Place.ALL),
        wrongClock(dice),
        dice.next());
  }

  /** Dice for the traits of this person, with the same numbers each time. */
  Dice traitDice() {
    return Dice.of(traits, Purpose.PERSON);
  }

  private static Platform platformOf(long app, Dice dice) {
    if (app == 100_001) {
      return dice.pick(Platform.WEB);
    }
    return app == 100_002 ? dice.pick(Platform.MOBILE) : Platform.SERVER;
  }

  /** Most clocks are right, one in ten is wrong by seconds, one in a hundred by months. */
  private static long wrongClock(Dice dice) {
    if (dice.below(100) == 0) {
      return dice.between(-200, 200) * DAY_MICROS;
    }
    return dice.below(10) == 0 ? dice.between(-90_000, 90_000) * 1_000 : 0;
  }

  private static String ascii(byte[] text) {
    return new String(text, java.nio.charset.StandardCharsets.US_ASCII);
  }
}
