package org.chengmai.connectors.jdbc;

import org.apache.calcite.rex.RexCall;
import org.chengmai.connectors.pushdown.Pushdown;

/** What PostgreSQL takes: nearly everything, with texts ordered by their bytes on demand. */
final class PostgresPushdown extends Pushdown {
  @Override
  public Texts texts() {
    return Texts.ORDERED_BY_LOCALE;
  }

  @Override
  protected boolean isLikePostgres() {
    return true;
  }

  /** Its numbers have all the digits that it takes. */
  @Override
  protected boolean divides(RexCall quotient) {
    return true;
  }
}
