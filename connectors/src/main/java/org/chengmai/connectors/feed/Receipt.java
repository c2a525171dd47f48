package org.chengmai.connectors.feed;

import java.util.List;

/**
 * What became of a batch; it is durable when this exists.
 *
 * @param accepted rows stored; of a duplicate, how many the first one stored
 * @param rejected rows put with the dead letters
 * @param duplicate the key had been stored before, nothing was stored now
 * @param errors reasons of the first rejected rows
 */
public record Receipt(int accepted, int rejected, boolean duplicate, List<String> errors) {
  /** How many reasons a receipt tells; the dead letters have all. */
  public static final int MAX_ERRORS = 20;

  public Receipt {
    errors = List.copyOf(errors.size() > MAX_ERRORS ? errors.subList(0, MAX_ERRORS) : errors);
  }
}
