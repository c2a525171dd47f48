package org.chengmai.connectors.http;

import org.jspecify.annotations.Nullable;

/**
 * How the rest of a document is asked for.
 *
 * @param parameter of the address that says which page; {@code page}, {@code offset} or {@code
 *     cursor} when absent
 * @param sizeParameter of the address that says how many rows a page has; {@code size}, or {@code
 *     limit} beside an offset, when absent
 * @param size rows of a page that are asked for; 0 leaves that to the server
 * @param first the number of the first page
 * @param next JSON pointer to the next page's cursor or address
 * @param maxPages a document with more is an error
 */
public record Paging(
    By by,
    @Nullable String parameter,
    @Nullable String sizeParameter,
    int size,
    int first,
    @Nullable String next,
    int maxPages) {

  /** What leads from one page to the next. */
  public enum By {
    /** The document is one page. */
    NONE,
    /** The page's number; an empty page, or one shorter than the first, is the last. */
    PAGE,
    /** How many rows came so far; ends as {@link #PAGE} does. */
    OFFSET,
    /** A value in the page; the last page has none. */
    CURSOR,
    /** The header {@code Link} with {@code rel="next"}. */
    LINK
  }

  public static Paging defaults() {
    return new Paging(By.NONE, null, null, 0, 1, null, 1000);
  }

  public Paging {
    if (by == By.CURSOR && next == null) {
      throw new IllegalArgumentException("paging by cursor needs next, a JSON pointer");
    }
    if (size < 0 || maxPages < 1) {
      throw new IllegalArgumentException(
          "size %d and max_pages %d must be positive".formatted(size, maxPages));
    }
  }

  String place() {
    if (parameter != null) {
      return parameter;
    }
    return switch (by) {
      case OFFSET -> "offset";
      case CURSOR -> "cursor";
      default -> "page";
    };
  }

  String sizePlace() {
    return sizeParameter != null ? sizeParameter : by == By.OFFSET ? "limit" : "size";
  }
}
