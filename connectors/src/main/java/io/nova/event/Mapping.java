package io.nova.event;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;

/** Where in a producer's record the values of the columns stand. Immutable. */
public final class Mapping implements Serializable {
  @Serial private static final long serialVersionUID = 1;
  private static final Mapping AMPLITUDE = new Mapping(List.of());

  private final List<String> identity;

  private Mapping(List<String> identity) {
    this.identity = IdentityFields.checked(identity);
  }

  /** Amplitude's export record. */
  public static Mapping amplitude() {
    return AMPLITUDE;
  }

  /** The columns that make the identity where no policy names any; empty: the built-in kinds. */
  public List<String> identity() {
    return identity;
  }
}
