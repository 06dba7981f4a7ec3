package io.nova.live.server;

import com.sun.management.OperatingSystemMXBean;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.nova.live.protocol.LiveException;
import io.nova.live.protocol.SubtaskView;
import io.nova.shard.BlockFile;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live server of one subtask: serves its view to queries over HTTP. docs/reference/formats.md
 * describes the protocol.
 *
 * <p>The task thread only sets a field: {@link #publish}. One thread does the network I/O, a few
 * read rows, one answers pins. While the machine is busy, {@link ReadPace} slows down the reading.
 *
 * <p>Memory is bounded whatever clients do. Limits exist for connections, of which each keeps at
 * most one segment and its encoded rows, for request bodies, and for the rows that leases keep.
 */
public final class LiveServer implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveServer.class);

  /** Connections that have not shown the token yet. A further one closes the oldest of them. */
  private static final int MAX_WAITING = 1024;

  /** The share of a core for all answers together while the machine is busy. */
  private static final double SHARE_WHERE_BUSY = 0.1;

  private static final int LONGEST_LINE = 4096;
  private static final int LONGEST_HEAD = 8192;
  private static final int LARGEST_PART = 8192;

  /** Bytes that the operating system may buffer for a client that does not read. */
  private static final int SEND_BUFFER_BYTES = 256 * 1024;

  private final LiveServerOptions options;
  private final ExecutorService pins = Executors.newSingleThreadExecutor(named("nova-live-pins"));
  private final ScheduledExecutorService workers;
  private final EventLoopGroup loop = new NioEventLoopGroup(1, named("nova-live-io"));
  private final Endpoint endpoint;
  private final AtomicInteger connections = new AtomicInteger();

  /** The connections that have not shown the token yet, oldest first. Belongs to the event loop. */
  private final Set<Channel> waiting = new LinkedHashSet<>();

  private final AtomicLong bodies = new AtomicLong();
  private final Channel listening;

  private LiveServer(LiveServerOptions options, SpilledSegments spilled, PositionRecorder positions)
      throws IOException {
    this.options = options;
    this.workers = Executors.newScheduledThreadPool(options.threads(), named("nova-live-rows"));
    this.endpoint =
        new Endpoint(
            options,
            spilled,
            positions,
            pins,
            workers,
            new ReadPace(SHARE_WHERE_BUSY, LiveServer::machineLoad, System::nanoTime),
            System::nanoTime);
    try {
      this.listening = bind();
    } catch (IOException e) {
      stopThreads();
      throw e;
    }
    long pauseMillis = Math.max(1, Math.min(1000, options.lease().toMillis() / 4));
    Future<?> sweep =
        workers.scheduleWithFixedDelay(
            endpoint::sweep, pauseMillis, pauseMillis, TimeUnit.MILLISECONDS);
    listening.closeFuture().addListener(closed -> sweep.cancel(false));
  }

  /**
   * Starts a server. It refuses pins with 503 until the first view is published.
   *
   * @param spilled the source of segments that are only in the log
   * @param positions records the offsets of each view before a pin of it is answered
   * @throws IOException if no port of the range is free
   */
  public static LiveServer start(
      LiveServerOptions options, SpilledSegments spilled, PositionRecorder positions)
      throws IOException {
    return new LiveServer(options, spilled, positions);
  }

  /** Publishes a view, which later pins get. It costs the task thread one volatile write. */
  public void publish(SubtaskView view) {
    endpoint.publish(view);
  }

  /**
   * Notes a file of blocks of one interval that were just sealed. Pinned views of them may read
   * their rows there, once the log no longer has them.
   */
  public void sealed(long interval, BlockFile file) {
    endpoint.sealed(interval, file);
  }

  /** The port that it listens on. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /** The number of connections that have shown the token, refused ones not included. */
  public int connections() {
    return connections.get();
  }

  /** The number of leases. */
  public int leases() {
    return endpoint.leases();
  }

  private static double machineLoad() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getCpuLoad()
        : -1;
  }

  private static ThreadFactory named(String name) {
    return new DefaultThreadFactory(name, true, Thread.MIN_PRIORITY);
  }

  private Channel bind() throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel client) {
                    accept(client);
                  }
                });
    Throwable last = null;
    for (int port = options.firstPort(); port <= options.lastPort(); port++) {
      ChannelFuture bound = bootstrap.bind(options.host(), port).awaitUninterruptibly();
      if (bound.isSuccess()) {
        LOG.info("Live views are served on {}", bound.channel().localAddress());
        return bound.channel();
      }
      last = bound.cause();
    }
    throw new IOException(
        "No port is free for live views: tried %d to %d on %s. Give the job a wider range."
            .formatted(options.firstPort(), options.lastPort(), options.host()),
        last);
  }

  private void accept(SocketChannel client) {
    waitForToken(client);
    ChannelPipeline pipeline = client.pipeline();
    options.tls().ifPresent(tls -> pipeline.addLast(encrypted(tls)));
    ChannelExchange exchange = new ChannelExchange(options.stalled());
    pipeline.addLast(
        new HttpServerCodec(LONGEST_LINE, LONGEST_HEAD, LARGEST_PART),
        exchange,
        new RequestReader(endpoint, options.token(), this::enter, bodies, exchange));
  }

  /** Clients without the token cannot take the places of those that have it. */
  @SuppressWarnings("FutureReturnValueIgnored") // nobody needs to know that the channel is closed
  private void waitForToken(Channel client) {
    waiting.add(client);
    client.closeFuture().addListener(closed -> waiting.remove(client));
    if (waiting.size() > MAX_WAITING) {
      Channel oldest = waiting.iterator().next();
      waiting.remove(oldest);
      oldest.close();
    }
  }

  /** Counts a connection that has shown the token. */
  private void enter(Channel client) throws LiveException {
    waiting.remove(client);
    if (connections.incrementAndGet() > options.maxConnections()) {
      connections.decrementAndGet();
      throw new LiveException(
          503,
          "This live view has %d connections, its limit. Ask again."
              .formatted(options.maxConnections()));
    }
    client.closeFuture().addListener(closed -> connections.decrementAndGet());
  }

  private static SslHandler encrypted(SSLContext tls) {
    SSLEngine engine = tls.createSSLEngine();
    engine.setUseClientMode(false);
    return new SslHandler(engine);
  }

  /** Closes all connections and stops the threads. Waits at most 3 s for them. */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // stopThreads() waits
  public void close() {
    listening.close();
    stopThreads();
  }

  private void stopThreads() {
    pins.shutdownNow();
    workers.shutdownNow();
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
