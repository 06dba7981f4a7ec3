package io.nova.live.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.nova.live.protocol.LiveException;
import io.nova.live.protocol.LivePaths;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The reader of the one request of a connection. It checks the head before it takes the body, so a
 * client without the token cannot make the server keep anything.
 *
 * <p>Belongs to the event loop.
 */
final class RequestReader extends SimpleChannelInboundHandler<HttpObject> {
  static final int MAX_BODY_BYTES = 1 << 20;

  /** Limit of all request bodies in memory together. */
  private static final long MAX_BODIES_BYTES = 32L << 20;

  private final Endpoint endpoint;
  private final byte[] authorization;
  private final Entrance entrance;
  private final AtomicLong bodies;
  private final ChannelExchange exchange;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private String path = "";
  private boolean done;

  /** Lets in the connections that have shown the token. */
  interface Entrance {
    /**
     * Counts a connection until it is closed.
     *
     * @throws LiveException 503 if there are too many
     */
    void enter(Channel client) throws LiveException;
  }

  /**
   * Reads one request.
   *
   * @param entrance asked once the request's head has shown the token
   * @param bodies the bytes of all request bodies in memory, of all connections
   */
  RequestReader(
      Endpoint endpoint,
      String token,
      Entrance entrance,
      AtomicLong bodies,
      ChannelExchange exchange) {
    this.endpoint = endpoint;
    this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    this.entrance = entrance;
    this.bodies = bodies;
    this.exchange = exchange;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (done) {
      return;
    }
    try {
      if (part.decoderResult().isFailure()) {
        throw new LiveException(
            400, "The bytes are not an HTTP/1.1 request. Expected POST with a body in JSON.");
      }
      if (part instanceof HttpRequest head) {
        checkToken(head);
        entrance.enter(context.channel());
        check(head);
        path = head.uri();
      }
      if (part instanceof HttpContent content) {
        take(content.content());
        if (content instanceof LastHttpContent) {
          done = true;
          exchange.requestIsWhole();
          endpoint.answer(path, forgetBody(), exchange);
        }
      }
    } catch (LiveException e) {
      done = true;
      forgetBody();
      exchange.refuse(e);
    }
  }

  private void checkToken(HttpRequest head) throws LiveException {
    String given = head.headers().get(HttpHeaderNames.AUTHORIZATION, "");
    if (!MessageDigest.isEqual(authorization, given.getBytes(StandardCharsets.UTF_8))) {
      throw new LiveException(
          401,
          (given.isEmpty() ? "No token was given" : "The token given is not the job's")
              + ". Expected Authorization: Bearer, with the token of the announcement or of the"
              + " job's options.");
    }
  }

  private static void check(HttpRequest head) throws LiveException {
    if (!Endpoint.serves(head.uri())) {
      throw new LiveException(
          404,
          "Nothing is served at %s. Expected %s, %s or %s."
              .formatted(
                  Endpoint.quote(head.uri()), LivePaths.PIN, LivePaths.ROWS, LivePaths.RELEASE));
    }
    if (!head.method().equals(HttpMethod.POST)) {
      throw new LiveException(
          405,
          "Method %s was found, expected POST.".formatted(Endpoint.quote(head.method().name())));
    }
    if (HttpUtil.getContentLength(head, 0L) > MAX_BODY_BYTES) {
      throw tooLarge();
    }
  }

  private void take(ByteBuf content) throws LiveException {
    if (body.size() + content.readableBytes() > MAX_BODY_BYTES) {
      throw tooLarge();
    }
    if (bodies.addAndGet(content.readableBytes()) > MAX_BODIES_BYTES) {
      bodies.addAndGet(-content.readableBytes());
      throw new LiveException(503, "Too many requests arrive at the same time. Ask again.");
    }
    try {
      content.readBytes(body, content.readableBytes());
    } catch (IOException e) {
      throw new IllegalStateException("A buffer in memory failed", e);
    }
  }

  private static LiveException tooLarge() {
    return new LiveException(
        413, "The request's body is larger than %d bytes. Ask for less.".formatted(MAX_BODY_BYTES));
  }

  private byte[] forgetBody() {
    bodies.addAndGet(-body.size());
    byte[] bytes = body.toByteArray();
    body.reset();
    return bytes;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    done = true;
    forgetBody();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    exchange.exceptionCaught(context, cause);
  }
}
