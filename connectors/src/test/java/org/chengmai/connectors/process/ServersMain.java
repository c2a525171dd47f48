package org.chengmai.connectors.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Holds servers until it is told to stop by TERM: a development cluster, and the process that crash
 * tests kill.
 *
 * <p>Arguments: data folder, root of the repository, file for the addresses, heap of Druid in MB,
 * heap of Kafka in MB, names of servers.
 */
final class ServersMain {
  private ServersMain() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path root = Path.of(arguments[1]);
    CountDownLatch end = new CountDownLatch(1);
    DataFolder data = DataFolder.open(Path.of(arguments[0]));
    Ports ports = new Ports(data.portsFile(), Map.of());
    List<Server> list = new ArrayList<>();
    for (String name : List.of(arguments).subList(5, arguments.length)) {
      list.add(
          switch (name) {
            case "postgres" -> new PostgresServer(data.path(), ports);
            case "kafka" ->
                new KafkaServer(
                    data.path(),
                    root.resolve("connectors/kafka-server/target/lib"),
                    ports,
                    Integer.parseInt(arguments[4]));
            case "druid" ->
                new DruidServer(
                    data.path(),
                    root.resolve("connectors/druid-server/target/lib"),
                    ports,
                    Integer.parseInt(arguments[3]));
            case "mariadb" -> new MariaDbServer(data.path(), ports);
            default -> throw new IllegalArgumentException(name);
          });
    }
    Servers servers = new Servers(list);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  servers.close();
                  data.close();
                }));
    servers.start(event -> System.out.println(event.english() + " | " + event.chinese()));
    Path addresses = Path.of(arguments[2]);
    Path half = addresses.resolveSibling(addresses.getFileName() + ".new");
    Files.writeString(half, addresses(list));
    Files.move(
        half, addresses, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    System.out.println("all ready");
    end.await();
  }

  private static String addresses(List<Server> servers) {
    StringBuilder lines = new StringBuilder("PID=%d\n".formatted(ProcessHandle.current().pid()));
    for (Server server : servers) {
      if (server instanceof PostgresServer postgres) {
        lines.append(
            "PG_URL=%s\nPG_USER=%s\nPG_PASSWORD=%s\n"
                .formatted(postgres.address(), postgres.user(), postgres.password()));
      } else if (server instanceof KafkaServer kafka) {
        lines.append("KAFKA=%s\n".formatted(kafka.address()));
      } else if (server instanceof DruidServer druid) {
        lines.append(
            "DRUID_BROKER=%s\nDRUID_COORDINATOR=%s\n"
                .formatted(druid.broker(), druid.coordinator()));
      } else if (server instanceof MariaDbServer mariadb) {
        lines.append(
            "MARIADB_URL=%s\nMARIADB_USER=%s\nMARIADB_PASSWORD=%s\n"
                .formatted(mariadb.address(), mariadb.user(), mariadb.password()));
      }
    }
    return lines.toString();
  }
}
