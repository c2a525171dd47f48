package org.chengmai.druidserver;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** ZooKeeper on loopback; returns once it listens. Its folder holds nothing that must outlive the JVM. */
public final class ZooKeeperRole implements Consumer<Properties> {
  private static final int TICK_MILLIS = 1_000;
  private static final int CONNECTIONS = 200;

  @Override
  public void accept(Properties properties) {
    File folder = new File(properties.getProperty("folder"));
    int port = Integer.parseInt(properties.getProperty("port"));
    try {
      ZooKeeperServer server = new ZooKeeperServer(folder, folder, TICK_MILLIS);
      NIOServerCnxnFactory connections = new NIOServerCnxnFactory();
      connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECTIONS);
      connections.startup(server);
    } catch (IOException e) {
      throw new IllegalStateException("ZooKeeper cannot listen on port " + port, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
