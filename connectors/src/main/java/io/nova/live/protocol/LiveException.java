package io.nova.live.protocol;

import java.io.IOException;

/** A live view refused a request: what it says, and HTTP's status for it. */
public final class LiveException extends IOException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String sentence;

  public LiveException(int status, String message) {
    super(message);
    this.status = status;
    this.sentence = message;
  }

  @Override
  public String getMessage() {
    return sentence;
  }

  /** Whether the same request would be refused again, also of a view that is pinned anew. */
  public boolean isPermanent() {
    return status / 100 == 4 && status != 409 && status != 410;
  }

  /**
   * HTTP's status: 400 a request that is none, 401 the token, 404 the path, 405 the method, 409
   * another generation, 410 a lease that is over, 413 too large, 503 not now.
   */
  public int status() {
    return status;
  }
}
