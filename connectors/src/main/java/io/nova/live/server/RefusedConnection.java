package io.nova.live.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.nova.live.protocol.LiveJson;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A connection beyond the limit. It gets a refusal with status 503 at its first byte and is closed
 * soon after. It costs no more than its socket.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel
final class RefusedConnection extends ChannelInboundHandlerAdapter {
  private final int maxConnections;
  private boolean refused;

  RefusedConnection(int maxConnections) {
    this.maxConnections = maxConnections;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    context
        .executor()
        .schedule(() -> context.close(), ChannelExchange.LINGER_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    ReferenceCountUtil.release(bytes);
    if (!refused) {
      refused = true;
      context.writeAndFlush(Unpooled.wrappedBuffer(refusal()));
    }
  }

  private byte[] refusal() {
    byte[] body =
        LiveJson.write(
            new LiveJson.Refusal(
                "This live view has %d connections, its limit. Ask again."
                    .formatted(maxConnections)));
    String head =
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 1\r\n"
            + "connection: close\r\ncontent-length: "
            + body.length
            + "\r\n\r\n";
    return (head + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
