package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.chengmai.engine.RealBrowser;
import org.chengmai.engine.RealServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The SQL page in a real Chromium over a real engine. Screenshots go to target/screenshots. */
@ExtendWith(RealServers.class)
@Timeout(180)
final class SqlPageIT {
  private static final String ENDLESS =
      "SELECT COUNT(*) FROM base_rows.numbers a, base_rows.numbers b, base_rows.numbers c WHERE a.n + b.n + c.n > 7";
  private static final String JOINED =
      "SELECT a.region, COUNT(*) AS c\nFROM base_env.air a\nJOIN base_rows.numbers m ON m.n = a.v\nGROUP BY a.region";

  @TempDir static Path folder;
  private static SqlServer server;
  private static RealBrowser browser;

  private final List<String> problems = new ArrayList<>();
  private Page page;

  @BeforeAll
  static void start() throws Exception {
    browser = RealBrowser.start();
    server = new SqlServer(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() {
    open("zh-CN", 1920, 1080);
  }

  @AfterEach
  void close() {
    page.context().close();
  }

  private void open(String locale, int width, int height) {
    if (page != null) {
      page.context().close();
    }
    page = browser.page(locale, width, height, problems);
    page.setDefaultTimeout(60_000);
    // the wall, to which a log-in leads, has no data here
    page.request().get(server.address().resolve("/login?token=ana").toString());
    page.navigate(server.address().resolve("/sql.html").toString());
    page.waitForSelector(".schema");
  }

  /** Puts a text into the editor, the cursor at its end. */
  private void type(String sql) {
    page.locator(".CodeMirror").click();
    page.keyboard().press("Control+a");
    page.keyboard().insertText(sql);
    page.keyboard().press("Escape");
  }

  private void run(String sql) {
    type(sql);
    page.keyboard().press("Control+Enter");
    page.waitForSelector(".gridRow");
    isOver();
  }

  private void isOver() {
    page.waitForSelector("button.stop[disabled]", attached());
  }

  private static Page.WaitForSelectorOptions attached() {
    return new Page.WaitForSelectorOptions().setState(WaitForSelectorState.ATTACHED);
  }

  private void tab(String name) {
    page.locator("button.tab", new Page.LocatorOptions().setHasText(name)).first().click();
  }

  /** The cells of a column in sight, from above; at one moment, as the grid makes rows anew. */
  private List<String> column(int index) {
    return page.locator(".gridRow [role=gridcell]:nth-child(%d)".formatted(index + 2))
        .allInnerTexts();
  }

  @Test
  void theStatementAtTheCursorRunsAndItsRowsAreSorted() {
    run(
        "SELECT 'a;b' AS other;\n\nSELECT n, CASE WHEN n = 2 THEN NULL ELSE '城东' || CAST(n AS VARCHAR) END AS t FROM base_rows.numbers WHERE n <= 12 ORDER BY n");
    assertThat(column(0)).first().isEqualTo("1");
    assertThat(page.locator(".gridHead b").allInnerTexts()).containsExactly("n", "t");
    assertThat(page.locator(".gridHead small").allInnerTexts())
        .containsExactly("INTEGER", "VARCHAR");
    assertThat(page.locator(".gridCell.null").allInnerTexts()).containsExactly("NULL");
    assertThat(
            page.locator(".gridRow .numeric")
                .first()
                .evaluate("c => getComputedStyle(c).textAlign"))
        .isEqualTo("right");
    page.locator(".sort").first().click();
    assertThat(column(0)).startsWith("1", "2", "3").endsWith("12");
    page.locator(".sort").first().click();
    assertThat(column(0)).as("as numbers").startsWith("12", "11", "10");
    page.locator(".sort").nth(1).click();
    assertThat(column(1)).startsWith("城东1", "城东10").endsWith("NULL");
    page.locator(".sort").nth(1).click();
    assertThat(column(1)).startsWith("NULL");
    assertThat(page.locator("[aria-sort=descending]").innerText()).contains("t");
    page.waitForSelector(".figuresLine .source");
    assertThat(page.locator(".figuresLine").innerText()).contains("base_rows", "规划");
    assertThat(problems).isEmpty();
  }

  @Test
  void aHundredThousandRowsAreScrolledThroughAndNoDigitIsLost() {
    run(
        "SELECT n, 9007199254740990 + n AS large FROM base_rows.numbers WHERE n <= 150000 ORDER BY n");
    assertThat(page.locator(".status").innerText()).contains("100,000");
    assertThat(page.locator(".gridRow").count()).isLessThan(100);
    assertThat(column(1)).contains("9007199254740993");
    page.locator(".grid").evaluate("grid => grid.scrollTo(0, grid.scrollHeight)");
    page.locator(".gridRow", new Page.LocatorOptions().setHasText("100,000")).waitFor();
    assertThat(column(0)).last().isEqualTo("100000");
    page.locator(".grid").focus();
    page.keyboard().press("ArrowDown");
    page.keyboard().press("ArrowRight");
    assertThat(page.locator(".gridCell.active").innerText()).isEqualTo("9007199254740991");
    assertThat(problems).isEmpty();
  }

  @Test
  void aLongQueryTellsHowFarItIsAndIsCancelled() {
    type(ENDLESS);
    page.locator("button.run").click();
    page.waitForSelector(".progressStep.done");
    assertThat(page.locator(".progressStep").first().innerText()).contains("base_rows", "200,000");
    shot("sql-progress");
    page.locator("button.stop").click();
    page.locator(".status", new Page.LocatorOptions().setHasText("已取消")).waitFor();
    page.waitForFunction(
        "async () => (await (await fetch('/api/v1/sql/queries')).json()).queries.length === 0");
    tab("历史");
    Locator last = page.locator(".queryItem").first();
    last.locator(".outcomeMark.cancelled").waitFor();
    assertThat(last.innerText()).contains("COUNT(*)");
    assertThat(problems).isEmpty();
  }

  @Test
  void aPlanIsDrawnWithWhatWasExpectedAndWhatCame() {
    type(JOINED);
    page.locator("button.explain").click();
    page.waitForSelector(".planCard");
    assertThat(page.locator(".amount.actual").count()).isZero();
    page.locator("button.analyze").click();
    page.waitForSelector(".amount.actual");
    List<String> sources = page.locator(".cardHead .source").allInnerTexts();
    assertThat(sources).contains("base_env", "base_rows", "DuckDB");
    assertThat((int) page.evaluate("() => document.querySelectorAll('.edges path').length"))
        .as("every step is read, the last one by the result")
        .isGreaterThanOrEqualTo(sources.size());
    page.locator(".planCard", new Page.LocatorOptions().setHasText("base_env")).click();
    assertThat(page.locator(".planDetail").innerText()).contains("发给数据源的 SQL", "\"region\"");
    assertThat(page.locator(".cardFoot .slowest").count()).isEqualTo(1);
    shot("sql-plan");
    assertThat(problems).isEmpty();
  }

  @Test
  void aPlanThatHasNoStepsIsText() {
    type(
        "SELECT TIMESTAMP '2026-01-01 00:00:00' + (INTERVAL '1' DAY + n * INTERVAL '1' HOUR) AS ts FROM base_rows.numbers");
    page.locator("button.explain").click();
    page.waitForSelector(".planDetail pre");
    assertThat(page.locator(".planDetail").innerText()).contains("row by row");
    assertThat(page.locator(".planCard").count()).isZero();
    assertThat(problems).isEmpty();
  }

  @Test
  void misjudgedRowsStandOut() {
    // MOD tells the statistics nothing
    type("SELECT n FROM base_rows.numbers WHERE MOD(n, 100000) = 7");
    page.locator("button.analyze").click();
    page.waitForSelector(".off.far");
    assertThat(page.locator(".off.far").first().innerText()).contains("高估");
    assertThat(problems).isEmpty();
  }

  @Test
  void downloadsHaveAllRowsInTheirForms() throws Exception {
    type("SELECT n, '城东' AS t FROM base_rows.numbers WHERE n <= 120000 ORDER BY n");
    Download csv = page.waitForDownload(() -> page.locator("button.download.csv").click());
    assertThat(csv.suggestedFilename()).startsWith("chengmai-").endsWith(".csv");
    try (InputStream content = csv.createReadStream()) {
      String text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text).startsWith("\uFEFFn,t\r\n1,城东\r\n").endsWith("120000,城东\r\n");
    }
    isOver();
    Download lines = page.waitForDownload(() -> page.locator("button.download.ndjson").click());
    try (InputStream content = lines.createReadStream()) {
      assertThat(new String(content.readAllBytes(), StandardCharsets.UTF_8).lines())
          .hasSize(120_000)
          .startsWith("{\"n\":1,\"t\":\"城东\"}");
    }
    isOver();
    Download arrow = page.waitForDownload(() -> page.locator("button.download.arrow").click());
    long rows = 0;
    try (InputStream content = arrow.createReadStream();
        RootAllocator memory = new RootAllocator();
        ArrowStreamReader reader = new ArrowStreamReader(content, memory)) {
      while (reader.loadNextBatch()) {
        rows += reader.getVectorSchemaRoot().getRowCount();
      }
    }
    assertThat(rows).isEqualTo(120_000);
    assertThat(problems).isEmpty();
  }

  @Test
  void namesAreCompletedFromTheCatalogue() {
    type("SELECT  FROM base_env.air AS q");
    for (int i = 0; i < " FROM base_env.air AS q".length(); i++) {
      page.keyboard().press("ArrowLeft");
    }
    page.keyboard().type("q.");
    page.waitForSelector(".CodeMirror-hint");
    assertThat(page.locator(".CodeMirror-hint").allInnerTexts().toString())
        .contains("ts", "region", "VARCHAR", "BIGINT");
    shot("sql-completion");
    page.keyboard().type("reg");
    page.keyboard().press("Enter");
    page.keyboard().type(", base_ro");
    page.waitForSelector(".CodeMirror-hint .library");
    page.keyboard().press("Enter");
    page.keyboard().type(".");
    page.locator(".CodeMirror-hint", new Page.LocatorOptions().setHasText("numbers")).waitFor();
    page.keyboard().press("Escape");
    assertThat(text()).isEqualTo("SELECT q.region, base_rows. FROM base_env.air AS q");
    assertThat(problems).isEmpty();
  }

  @Test
  void functionsAreCompletedAndColouredAsTheEngineKnowsThem() {
    page.waitForResponse(
        response -> response.url().endsWith("/api/v1/sql/words"), () -> page.reload());
    type("SELECT string_a");
    page.keyboard().type("g");
    page.locator(".CodeMirror-hint", new Page.LocatorOptions().setHasText("STRING_AGG")).waitFor();
    page.keyboard().press("Enter");
    assertThat(text()).isEqualTo("SELECT STRING_AGG");
    assertThat(page.locator(".CodeMirror-line .cm-keyword").allInnerTexts()).contains("SELECT");
    assertThat(problems).isEmpty();
  }

  private String text() {
    return (String)
        page.evaluate("() => document.querySelector('.CodeMirror').CodeMirror.getValue()");
  }

  @ParameterizedTest
  @CsvSource({"run", "explain"})
  void anErrorIsMarkedWhereItIs(String button) {
    type("SELECT 1 AS one;\nSELECT region, v + nope FROM base_env.air");
    page.locator("button." + button).click();
    page.waitForSelector(".sqlError");
    assertThat(page.locator(".sqlError").allInnerTexts()).containsExactly("nope");
    assertThat(page.locator("pre.error").innerText()).contains("nope");
    page.keyboard().type("x");
    assertThat(page.locator(".sqlError").count()).as("a changed text").isZero();
  }

  @Test
  void anErrorAmongTheRowsIsTold() {
    type(
        "select n, 7 / (n - 90000) as q, 'a text that fills the answer' as t from base_rows.numbers");
    page.locator("button.run").click();
    page.locator("pre.error", new Page.LocatorOptions().setHasText("division by zero")).waitFor();
    assertThat(page.locator(".gridRow").count()).as("the rows before it").isPositive();
  }

  @Test
  void parametersAreFilledIn() {
    type(
        "SELECT n, :word AS w FROM base_rows.numbers WHERE n BETWEEN :low AND :low + 1 ORDER BY n");
    page.locator(".fields input").first().fill("x' OR '1'='1");
    page.locator(".fields input").nth(1).fill("41");
    page.locator("button.run").click();
    page.waitForSelector(".gridRow");
    isOver();
    assertThat(page.locator(".fields code").allInnerTexts()).containsExactly(":word", ":low");
    assertThat(column(0)).containsExactly("41", "42");
    assertThat(column(1)).containsOnly("x' OR '1'='1");
    page.locator("button.analyze").click();
    page.waitForSelector(".planDetail pre");
    assertThat(problems).isEmpty();
  }

  @Test
  void aQueryComesBackFromTheHistoryFromItsNameAndFromALink() {
    String sql = "SELECT 4711 AS wanted";
    run(sql);
    type("SELECT 1");
    tab("历史");
    page.locator("#queryHistory input").fill("4711");
    page.locator("#queryHistory .queryItem", new Page.LocatorOptions().setHasText(sql))
        .first()
        .click();
    assertThat(text()).isEqualTo(sql);
    page.locator("button.save").click();
    page.locator("dialog input").fill("每日 / 4711");
    page.locator("dialog .primary").click();
    page.locator("#saved .queryItem", new Page.LocatorOptions().setHasText("每日 / 4711")).waitFor();
    page.locator("button.share").click();
    String link = page.url();
    assertThat(link).contains("#q=");
    type("SELECT 1");
    page.navigate("about:blank");
    page.navigate(link);
    page.waitForSelector(".schema");
    assertThat(text()).isEqualTo(sql);
    type("SELECT 1");
    tab("已保存");
    page.locator("#saved .queryItem").click();
    assertThat(text()).isEqualTo(sql);
    page.onDialog(dialog -> dialog.accept());
    page.locator("#saved .small").click();
    page.waitForSelector("#saved .empty");
    assertThat(problems).isEmpty();
  }

  @Test
  void aResultIsCopied() {
    run(
        "SELECT n, CASE WHEN n = 1 THEN 'a|b, \"c\"' END AS t FROM base_rows.numbers WHERE n <= 2 ORDER BY n");
    page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    page.locator("button.copyMarkdown").click();
    page.locator(".status", new Page.LocatorOptions().setHasText("Markdown")).waitFor();
    assertThat(page.evaluate("() => navigator.clipboard.readText()"))
        .isEqualTo("| n | t |\n| ---: | --- |\n| 1 | a\\|b, \"c\" |\n| 2 | NULL |");
    page.locator("button.copyCsv").click();
    page.locator(".status", new Page.LocatorOptions().setHasText("CSV")).waitFor();
    assertThat(page.evaluate("() => navigator.clipboard.readText()"))
        .isEqualTo("n,t\r\n1,\"a|b, \"\"c\"\"\"\r\n2,");
    page.locator(".gridRow").first().locator("[role=gridcell]").nth(1).click();
    page.locator(".grid").focus();
    page.keyboard().press("Control+c");
    page.locator(".status", new Page.LocatorOptions().setHasText("单元格")).waitFor();
    assertThat(page.evaluate("() => navigator.clipboard.readText()")).isEqualTo("a|b, \"c\"");
    assertThat(problems).isEmpty();
  }

  @Test
  void aResultIsDrawn() {
    run(
        "SELECT TIMESTAMP '2026-01-01 00:00:00' + n * INTERVAL '1' HOUR AS ts, CASE WHEN MOD(n, 2) = 0 THEN '城东' ELSE '城西' END AS region, MOD(n * n, 97) AS v FROM base_rows.numbers WHERE n <= 96 ORDER BY n");
    tab("图");
    page.waitForSelector(".resultChart canvas");
    assertThat(
            page.locator(".chartBar select")
                .evaluateAll("all => all.map(s => s.selectedOptions[0].text)"))
        .isEqualTo(List.of("折线", "ts", "v", "region"));
    page.locator(".chartBar select").first().selectOption("bar");
    shot("sql-chart");
    type("SELECT 'only' AS words");
    page.keyboard().press("Control+Enter");
    isOver();
    assertThat(page.locator(".resultChart .note").innerText()).contains("没有数值列");
    assertThat(problems).isEmpty();
  }

  @Test
  void aQueryIsLaidOutAndStaysTheSame() {
    type(
        "select region, count(*) as c -- each\nfrom base_env.air a join (select n from base_rows.numbers where n between 1 and 50 or n = 99) m on m.n = a.v where region <> 'and; or' and ts < current_timestamp group by region order by c desc limit 10");
    page.locator("button.format").click();
    assertThat(text())
        .isEqualTo(
            """
            SELECT region, count(*) AS c -- each
            FROM base_env.air a
            JOIN (
              SELECT n
              FROM base_rows.numbers
              WHERE n BETWEEN 1 AND 50
                OR n = 99
            ) m ON m.n = a.v
            WHERE region <> 'and; or'
              AND ts < CURRENT_TIMESTAMP
            GROUP BY region
            ORDER BY c DESC
            LIMIT 10""");
    String once = text();
    page.locator("button.format").click();
    assertThat(text()).isEqualTo(once);
    page.locator("button.run").click();
    isOver();
    assertThat(page.locator("pre.error").isHidden()).isTrue();
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest(name = "{0} {1}x{2}")
  @CsvSource({"zh-CN,1920,1080", "en-GB,1920,1080", "zh-CN,390,844", "en-GB,390,844"})
  void itFitsItsScreen(String locale, int width, int height) {
    open(locale, width, height);
    run(JOINED);
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(Path.of("target/screenshots/sql-%s-%d.png".formatted(locale, width)))
            .setFullPage(width < 700));
    assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    assertThat(page.locator("button.run").innerText())
        .startsWith(locale.equals("zh-CN") ? "运行" : "Run");
    page.locator("button.analyze").click();
    page.waitForSelector(".planCard");
    assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    assertThat(problems).isEmpty();
  }

  private void shot(String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(Path.of("target/screenshots/" + name + ".png")));
  }
}
