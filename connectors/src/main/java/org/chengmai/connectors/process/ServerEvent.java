package org.chengmai.connectors.process;

import java.time.Duration;

/**
 * A server's change of state, for the terminal and the start page.
 *
 * @param server the server's name, such as {@code kafka}
 * @param detail what a reader needs beyond the state: exit code, address, cause; may be empty
 * @param elapsed time since this server's start was asked for
 */
public record ServerEvent(String server, ServerState state, String detail, Duration elapsed) {
  /** One line in English. */
  public String english() {
    return line(
        switch (state) {
          case IDLE -> "not started";
          case UNPACKING -> "unpacking";
          case INITIALIZING -> "making its data folder";
          case STARTING -> "starting";
          case READY -> "ready";
          case UNRESPONSIVE -> "not answering";
          case RESTARTING -> "died, will be started again";
          case STOPPING -> "stopping";
          case STOPPED -> "stopped";
          case FAILED -> "failed";
        });
  }

  /** One line in Chinese. */
  public String chinese() {
    return line(
        switch (state) {
          case IDLE -> "未启动";
          case UNPACKING -> "正在解包";
          case INITIALIZING -> "正在建立数据目录";
          case STARTING -> "正在启动";
          case READY -> "就绪";
          case UNRESPONSIVE -> "无响应";
          case RESTARTING -> "意外退出，即将重启";
          case STOPPING -> "正在停止";
          case STOPPED -> "已停止";
          case FAILED -> "启动失败";
        });
  }

  private String line(String words) {
    String seconds = "%d.%d s".formatted(elapsed.toSeconds(), elapsed.toMillisPart() / 100);
    return "%s %s (%s)%s".formatted(server, words, seconds, detail.isEmpty() ? "" : ": " + detail);
  }
}
