package org.chengmai.connectors.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.connectors.http.JsonHttpConfig.JsonTable;
import org.jspecify.annotations.Nullable;

/** The pages of one table, fetched one after the other; all of them, or an error. */
final class JsonPages {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NEXT =
      Pattern.compile("<([^>]*)>[^,]*;\\s*rel=\"?next\"?", Pattern.CASE_INSENSITIVE);

  private final JsonTable table;
  private final Paging paging;
  private final JsonRequest requests;
  private long bytes;

  JsonPages(JsonTable table, HttpClient http) {
    this.table = table;
    this.paging = table.paging();
    this.requests = new JsonRequest(table, http);
  }

  /** Takes the rows of a page. */
  interface Rows {
    void add(JsonNode array) throws IOException;
  }

  void read(Rows rows) throws IOException {
    URI address =
        switch (paging.by()) {
          case PAGE -> at(String.valueOf(paging.first()));
          case OFFSET -> at("0");
          default -> at(null);
        };
    @Nullable JsonNode before = null;
    long count = 0;
    int firstCount = 0;
    for (int page = 1; address != null; page++) {
      if (page > paging.maxPages()) {
        throw new IOException(
            "%s has more than %,d pages; see max_pages"
                .formatted(table.address(), paging.maxPages()));
      }
      HttpHeaders headers;
      JsonNode document;
      try (JsonRequest.Answer answer = requests.send(address)) {
        if (isPastTheEnd(answer.status(), page)) {
          return;
        }
        headers = answer.headers();
        document = document(answer, address);
      }
      JsonNode array = document.at(table.pointer());
      if (!array.isArray()) {
        throw new IOException("%s has no array at '%s'".formatted(address, table.pointer()));
      }
      if (!array.isEmpty() && array.equals(before)) {
        throw new IOException(
            "%s has the rows of the page before it; does the server know '%s'?"
                .formatted(address, paging.place()));
      }
      rows.add(array);
      before = array;
      count += array.size();
      firstCount = page == 1 ? array.size() : firstCount;
      boolean isLast = array.isEmpty() || array.size() < firstCount;
      address =
          switch (paging.by()) {
            case NONE -> null;
            case PAGE -> isLast ? null : at(String.valueOf(paging.first() + page));
            case OFFSET -> isLast ? null : at(String.valueOf(count));
            case CURSOR -> cursor(document.at(Objects.requireNonNull(paging.next())), address);
            case LINK -> link(headers, address);
          };
    }
  }

  private JsonNode document(JsonRequest.Answer answer, URI address) throws IOException {
    try {
      return JSON.readTree(new Counted(answer.body()));
    } catch (IOException e) {
      if (answer.isLate()) {
        throw requests.late(address, e);
      }
      throw e instanceof JsonProcessingException wrong
          ? new IOException("%s is no JSON: %s".formatted(address, wrong.getOriginalMessage()), e)
          : e;
    }
  }

  /** Some servers have no empty page behind the last. */
  private boolean isPastTheEnd(int status, int page) throws IOException {
    if (status / 100 == 2) {
      return false;
    }
    boolean isCounted = paging.by() == Paging.By.PAGE || paging.by() == Paging.By.OFFSET;
    if (status == 404 && page > 1 && isCounted) {
      return true;
    }
    throw new IOException("%s answered %d".formatted(table.address(), status));
  }

  private @Nullable URI cursor(JsonNode value, URI current) throws IOException {
    String text = value.isNull() || value.isMissingNode() ? "" : value.asText();
    if (text.isEmpty()) {
      return null;
    }
    return text.startsWith("http:") || text.startsWith("https:") || text.startsWith("/")
        ? followed(text, current)
        : at(text);
  }

  private @Nullable URI link(HttpHeaders headers, URI current) throws IOException {
    for (String line : headers.allValues("Link")) {
      Matcher next = NEXT.matcher(line);
      if (next.find()) {
        return followed(next.group(1), current);
      }
    }
    return null;
  }

  /** Our headers may hold a token, so only the table's own server is asked. */
  private URI followed(String next, URI current) throws IOException {
    URI address;
    try {
      address = current.resolve(next);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: the next page '%s' is no address".formatted(current, next), e);
    }
    if (!Objects.equals(address.getScheme(), current.getScheme())
        || !Objects.equals(address.getRawAuthority(), current.getRawAuthority())) {
      throw new IOException("%s: the next page is on another server: %s".formatted(current, next));
    }
    return address;
  }

  private URI at(@Nullable String place) {
    StringBuilder query = new StringBuilder();
    if (place != null) {
      parameter(query, paging.place(), place);
    }
    if (paging.by() != Paging.By.NONE && paging.size() > 0) {
      parameter(query, paging.sizePlace(), String.valueOf(paging.size()));
    }
    String address = table.address().toString();
    if (query.isEmpty()) {
      return table.address();
    }
    return URI.create(address + (table.address().getRawQuery() == null ? "?" : "&") + query);
  }

  private static void parameter(StringBuilder query, String name, String value) {
    query
        .append(query.isEmpty() ? "" : "&")
        .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
        .append('=')
        .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  /** A body that ends with an error when all pages together are too long. */
  private final class Counted extends InputStream {
    private final InputStream body;

    Counted(InputStream body) {
      this.body = body;
    }

    @Override
    public int read() throws IOException {
      int one = body.read();
      count(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = body.read(target, offset, length);
      count(Math.max(0, read));
      return read;
    }

    private void count(int read) throws IOException {
      bytes += read;
      if (bytes > table.maxBytes()) {
        throw new IOException(
            "%s has more than %,d bytes; see max_bytes"
                .formatted(table.address(), table.maxBytes()));
      }
    }
  }
}
