package org.chengmai.kafkaserver;

import kafka.Kafka;
import kafka.tools.StorageTool;

/** Starts one Kafka broker (KRaft) after formatting its log folder where that has not been done. */
public final class KafkaServerMain {
  private KafkaServerMain() {}

  /** Arguments: the path of {@code server.properties}, the cluster's id (22 characters of base64). */
  public static void main(String[] arguments) {
    if (arguments.length != 2) {
      System.err.println("usage: KafkaServerMain <server.properties> <cluster id>");
      System.exit(2);
    }
    // In one word: an id may begin with '-', which would read as an option.
    String[] format = {"format", "--ignore-formatted", "--cluster-id=" + arguments[1], "-c", arguments[0]};
    int code = StorageTool.execute(format, System.out);
    if (code != 0) {
      System.exit(code);
    }
    Kafka.main(new String[] {arguments[0]});
  }
}
