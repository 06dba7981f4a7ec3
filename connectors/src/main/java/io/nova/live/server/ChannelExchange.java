package io.nova.live.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.nova.live.protocol.LiveException;
import io.nova.live.protocol.LiveJson;
import io.nova.live.protocol.LivePaths;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchange of one connection, which is closed after its one answer. It writes only while the
 * channel takes bytes. So a client that stops reading costs the bytes made last and no thread,
 * until its connection is closed.
 *
 * <p>Its state belongs to the event loop; the methods of {@link Exchange} continue there.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel
final class ChannelExchange extends ChannelInboundHandlerAdapter implements Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelExchange.class);
  private static final int SLICE_BYTES = 32 * 1024;
  private static final byte[] NOTHING = {};

  /** Characters of the reason in a trailer. Clients refuse long headers. */
  private static final int LONGEST_REASON = 500;

  /** How long the rest of a refused request is discarded, so that the refusal arrives. */
  static final long LINGER_SECONDS = 2;

  private final Duration stalled;
  private @Nullable ChannelHandlerContext context;
  private boolean requestIsWhole;
  private boolean streaming;
  private byte[] pending = NOTHING;
  private int out;
  private boolean last;
  private @Nullable Runnable whenOut;
  private boolean waitsForClient;
  private long waitsSinceNanos;
  private volatile boolean gone;

  /** Closes the connection if its client does nothing for the time {@code stalled}. */
  ChannelExchange(Duration stalled) {
    this.stalled = stalled;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    waitForClient();
    long period = Math.max(1, stalled.toMillis() / 4);
    Future<?> watch =
        added
            .executor()
            .scheduleAtFixedRate(this::closeIfStalled, period, period, TimeUnit.MILLISECONDS);
    added.channel().closeFuture().addListener(closed -> watch.cancel(false));
  }

  private void waitForClient() {
    waitsForClient = true;
    waitsSinceNanos = System.nanoTime();
  }

  private void closeIfStalled() {
    if (waitsForClient && System.nanoTime() - waitsSinceNanos > stalled.toNanos()) {
      LOG.info("Closed {}: the client neither sent nor took anything for {}", context(), stalled);
      context().close();
    }
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "Rule: no exchange before it is in a pipeline");
  }

  /** Notes that the whole request has arrived: from now on the client waits for the server. */
  void requestIsWhole() {
    requestIsWhole = true;
    waitsForClient = false;
  }

  @Override
  public void answer(int status, byte[] body) {
    inLoop(() -> write(status, body));
  }

  @Override
  public void refuse(LiveException reason) {
    inLoop(
        () -> {
          if (streaming) {
            breakOff(reason);
          } else {
            write(reason.status(), LiveJson.write(new LiveJson.Refusal(reason.getMessage())));
          }
        });
  }

  /** The bytes before are out already: a stream goes on after they are. */
  private void breakOff(LiveException reason) {
    String text = String.valueOf(reason.getMessage());
    endRows(
        URLEncoder.encode(
            text.substring(0, Math.min(LONGEST_REASON, text.length())), StandardCharsets.UTF_8));
  }

  private void endRows(String value) {
    DefaultLastHttpContent end = new DefaultLastHttpContent();
    end.trailingHeaders().set(LivePaths.END, value);
    end(end);
  }

  @Override
  public void stream(byte[] bytes, Runnable taken) {
    inLoop(
        () -> {
          whenOut = taken;
          pump(bytes);
        });
  }

  @Override
  public void endStream(byte[] bytes) {
    inLoop(
        () -> {
          last = true;
          pump(bytes);
        });
  }

  @Override
  public boolean gone() {
    return gone;
  }

  private void inLoop(Runnable step) {
    context().executor().execute(step);
  }

  private void write(int status, byte[] body) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
    if (body.length > 0) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    }
    if (status != HttpResponseStatus.NO_CONTENT.code()) {
      response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    }
    switch (status) {
      case 401 -> response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
      case 405 -> response.headers().set(HttpHeaderNames.ALLOW, "POST");
      case 503 -> response.headers().setInt(HttpHeaderNames.RETRY_AFTER, 1);
      default -> {}
    }
    closeAfter(response);
    end(response);
  }

  private static void closeAfter(HttpMessage response) {
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
  }

  private void end(Object message) {
    waitForClient();
    ChannelFuture written = context().writeAndFlush(message);
    if (requestIsWhole) {
      written.addListener(ChannelFutureListener.CLOSE);
    } else {
      context().executor().schedule(() -> context().close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void pump(byte[] bytes) {
    if (!streaming) {
      streaming = true;
      DefaultHttpResponse head =
          new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
      head.headers().set(HttpHeaderNames.CONTENT_TYPE, "avro/binary");
      head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      head.headers().set(HttpHeaderNames.TRAILER, LivePaths.END);
      closeAfter(head);
      context().write(head);
    }
    pending = bytes;
    out = 0;
    pump();
  }

  /** The channel may call it while it writes, so all state is in fields before each write. */
  private void pump() {
    while (out < pending.length && context().channel().isWritable()) {
      int from = out;
      out = Math.min(pending.length, from + SLICE_BYTES);
      waitForClient();
      context()
          .writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(pending, from, out - from)));
    }
    if (out < pending.length) {
      return;
    }
    if (last) {
      last = false;
      endRows(LivePaths.WHOLE);
    } else if (whenOut != null && context().channel().isWritable()) {
      Runnable taken = whenOut;
      whenOut = null;
      pending = NOTHING;
      out = 0;
      waitsForClient = false;
      taken.run();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext changed) {
    pump();
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    gone = true;
    pending = NOTHING;
    out = 0;
    whenOut = null;
    inactive.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
    LOG.debug("Closed {}", failed, cause);
    failed.close();
  }
}
