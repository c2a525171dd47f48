package org.chengmai.dashboards;

/** A place that a board can be looked at for. */
public record BoardRegion(String code, String nameZh, String nameEn) {

  public Label name() {
    return new Label(nameZh, nameEn);
  }
}
