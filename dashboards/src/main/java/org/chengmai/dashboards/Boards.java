package org.chengmai.dashboards;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Makes the boards of a city from its indicators: one overview and one board for each domain that
 * has indicators.
 */
public final class Boards {
  /** The uid of the board of the whole city. */
  public static final String OVERVIEW_UID = "chengmai-city";

  /** Domain key to the words for it, in the order in which the overview shows them. */
  private static final Map<String, Label> DOMAINS = domains();

  private static final int OVERVIEW_TILES_PER_DOMAIN = 2;
  private static final int OVERVIEW_LIVE_PANELS = 4;

  private Boards() {}

  /**
   * The overview first, then one board a domain. The same input gives the same boards, whatever its
   * order.
   *
   * @param regions the places that a reader can choose, the whole city first
   */
  public static List<Dashboard> of(
      Label city, List<BoardRegion> regions, List<BoardIndicator> indicators) {
    if (regions.isEmpty()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION, "a city's boards need at least one region");
    }
    Map<String, List<BoardIndicator>> byDomain = new LinkedHashMap<>();
    indicators.stream()
        .sorted(
            Comparator.comparingInt(Boards::rank)
                .thenComparing(BoardIndicator::domain)
                .thenComparing(BoardIndicator::code))
        .forEach(i -> byDomain.computeIfAbsent(i.domain(), domain -> new ArrayList<>()).add(i));
    List<Dashboard> boards = new ArrayList<>();
    boards.add(overview(city, regions, byDomain));
    byDomain.forEach((domain, members) -> boards.add(domain(domain, regions, members)));
    return List.copyOf(boards);
  }

  /** The words for a domain; an unknown key stands for itself. */
  public static Label domainName(String domain) {
    return DOMAINS.getOrDefault(domain, new Label(domain, domain));
  }

  private static Dashboard overview(
      Label city, List<BoardRegion> regions, Map<String, List<BoardIndicator>> byDomain) {
    Layout layout = new Layout();
    layout.add(
        16, 9, (id, place) -> new Panel.AlertStream(id, place, new Label("实时告警", "Live alerts")));
    layout.add(
        8,
        9,
        (id, place) -> new Panel.AlertList(id, place, new Label("告警记录", "Alert record"), null));
    List<BoardIndicator> headlines =
        byDomain.values().stream()
            .flatMap(
                members -> members.stream().sorted(HEADLINE_FIRST).limit(OVERVIEW_TILES_PER_DOMAIN))
            .toList();
    headlines.forEach(
        indicator -> layout.add(4, 5, (id, place) -> new Panel.Stat(id, place, indicator)));
    layout.newRow();
    byDomain.values().stream()
        .map(members -> members.stream().min(HEADLINE_FIRST).orElseThrow())
        .sorted(Comparator.comparing(indicator -> indicator.grain().typical()))
        .limit(OVERVIEW_LIVE_PANELS)
        .forEach(
            indicator -> layout.add(12, 7, (id, place) -> new Panel.Live(id, place, indicator)));
    return new Dashboard(
        OVERVIEW_UID,
        new Label(city.zh() + "城市运行总览", city.en() + " city overview"),
        List.of("chengmai", "overview"),
        Duration.ofHours(24),
        Duration.ofSeconds(30),
        regions,
        layout.panels);
  }

  private static Dashboard domain(
      String domain, List<BoardRegion> regions, List<BoardIndicator> members) {
    Layout layout = new Layout();
    members.forEach(
        indicator -> layout.add(6, 5, (id, place) -> new Panel.Stat(id, place, indicator)));
    layout.newRow();
    members.forEach(
        indicator -> layout.add(12, 8, (id, place) -> new Panel.History(id, place, indicator)));
    layout.newRow();
    BoardIndicator quickest =
        members.stream()
            .min(Comparator.comparing(indicator -> indicator.grain().typical()))
            .orElseThrow();
    layout.add(16, 8, (id, place) -> new Panel.Live(id, place, quickest));
    layout.add(
        8,
        8,
        (id, place) -> new Panel.AlertList(id, place, new Label("告警记录", "Alert record"), domain));
    return new Dashboard(
        uid(domain),
        domainName(domain),
        List.of("chengmai", domain),
        Duration.ofDays(2),
        Duration.ofMinutes(1),
        regions,
        layout.panels);
  }

  /** The uid of a domain's board; the domain {@code city} has one beside the overview. */
  static String uid(String domain) {
    String plain = domain.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "-");
    return "chengmai-d-" + plain.substring(0, Math.min(plain.length(), 29));
  }

  /** Composite indices, numbered 9000, speak for their domain. */
  private static final Comparator<BoardIndicator> HEADLINE_FIRST =
      Comparator.<BoardIndicator>comparingInt(
              indicator -> indicator.code().endsWith("-9000") ? 0 : 1)
          .thenComparing(BoardIndicator::code);

  private static int rank(BoardIndicator indicator) {
    int rank = List.copyOf(DOMAINS.keySet()).indexOf(indicator.domain());
    return rank < 0 ? DOMAINS.size() : rank;
  }

  private static Map<String, Label> domains() {
    Map<String, Label> names = new LinkedHashMap<>();
    names.put("city", new Label("城市综合", "City"));
    names.put("safety", new Label("公共安全", "Public safety"));
    names.put("traffic", new Label("交通运行", "Traffic"));
    names.put("utilities", new Label("市政公用", "Utilities"));
    names.put("environment", new Label("生态环境", "Environment and water"));
    names.put("health", new Label("卫生健康", "Health"));
    names.put("emergency", new Label("应急管理", "Emergency"));
    names.put("hotline", new Label("民生诉求", "Hotline"));
    names.put("economy", new Label("经济市场", "Economy and market"));
    names.put("housing", new Label("住房保障", "Housing"));
    names.put("urban", new Label("城市管理", "Urban management"));
    names.put("weather", new Label("气象", "Weather"));
    names.put("government", new Label("政务服务", "Government services"));
    return Collections.unmodifiableMap(names);
  }

  /** Fills rows from the left and starts the next row below the highest panel of the one before. */
  private static final class Layout {
    private final List<Panel> panels = new ArrayList<>();
    private int x;
    private int y;
    private int rowHeight;

    void add(int width, int height, BiFunction<Integer, Place, Panel> panel) {
      if (x + width > Place.COLUMNS) {
        newRow();
      }
      panels.add(panel.apply(panels.size() + 1, new Place(x, y, width, height)));
      x += width;
      rowHeight = Math.max(rowHeight, height);
    }

    void newRow() {
      y += rowHeight;
      x = 0;
      rowHeight = 0;
    }
  }
}
