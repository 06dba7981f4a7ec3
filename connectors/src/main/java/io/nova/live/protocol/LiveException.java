package io.nova.live.protocol;

import java.io.IOException;

/** A request that a live server refused, with its message and HTTP status. */
public final class LiveException extends IOException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String text;

  /**
   * A refusal.
   *
   * @param status the HTTP status, see {@link #status()}
   */
  public LiveException(int status, String message) {
    super(message);
    this.status = status;
    this.text = message;
  }

  @Override
  public String getMessage() {
    return text;
  }

  /** Whether the same request will be refused again, even after a new pin. */
  public boolean isPermanent() {
    return status / 100 == 4 && status != 409 && status != 410;
  }

  /**
   * The HTTP status: 400 malformed request, 401 wrong token, 404 unknown path, 405 wrong method,
   * 409 another generation, 410 lease has ended, 413 body too large, 500 failure, 503 try again.
   */
  public int status() {
    return status;
  }
}
