package org.chengmai.dashboards;

import org.jspecify.annotations.Nullable;

/**
 * One rectangle of a dashboard. Every panel shows the region that the reader has chosen, unless it
 * says otherwise.
 */
public sealed interface Panel {
  int id();

  Place place();

  Label title();

  /** The newest value of an indicator with its trust and a small trend. */
  record Stat(int id, Place place, BoardIndicator indicator) implements Panel {
    @Override
    public Label title() {
      return indicator.name();
    }
  }

  /**
   * An indicator's history over the band that its last four weeks span at the same time of the
   * week.
   */
  record History(int id, Place place, BoardIndicator indicator) implements Panel {
    @Override
    public Label title() {
      return indicator.name();
    }
  }

  /** An indicator of all regions as the values come in, without a reload. */
  record Live(int id, Place place, BoardIndicator indicator) implements Panel {
    @Override
    public Label title() {
      return new Label(indicator.nameZh() + "（实时）", indicator.nameEn() + " (live)");
    }
  }

  /** The record of alerts of one domain, or of all when it is null; it outlives a restart. */
  record AlertList(int id, Place place, Label title, @Nullable String domain) implements Panel {}

  /** Alert events as they happen, one row each. */
  record AlertStream(int id, Place place, Label title) implements Panel {}
}
