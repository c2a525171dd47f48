package org.chengmai.connectors.feed;

/** How the rows of a request or message are written. */
public enum RowFormat {
  /** One JSON object or an array of them. */
  JSON,
  /** JSON objects, one a line. */
  NDJSON,
  /** Influx line protocol: {@code measurement,tag=… value=… timestamp}. */
  LINE_PROTOCOL
}
