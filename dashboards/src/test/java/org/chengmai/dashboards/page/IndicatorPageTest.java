package org.chengmai.dashboards.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.chengmai.indicators.Grade;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages of the indicators in a real Chromium. Screenshots go to target/screenshots. */
final class IndicatorPageTest {
  @RegisterExtension final Chromium chromium = new Chromium();

  @BeforeEach
  void raise() {
    chromium.city().raise("CVS-ENV-0001", "630102", Grade.ORANGE, 2.6);
    chromium.city().raise("CVS-TRF-0001", "630103", Grade.RED, 2.3);
  }

  private Page open(String path, String language, int width, int height, String token) {
    Page page = chromium.page(language, width, height);
    page.navigate(chromium.address("/login?token=" + token));
    page.navigate(chromium.address(path));
    return page;
  }

  private Page explorer(String language, int width, int height) {
    Page page = open("/indicators.html", language, width, height, "viewer");
    page.waitForCondition(() -> page.locator(".row").count() == DemoIndicator.ALL.size());
    return page;
  }

  private Page indicator(String code, String language, int width, int height) {
    Page page = open("/indicators.html#" + code, language, width, height, "operator");
    page.waitForSelector(".panel.series canvas");
    page.waitForSelector(".definitionPanel dl");
    return page;
  }

  @ParameterizedTest(name = "{0} {1}x{2}")
  @CsvSource({"zh,1920,1080", "en,1920,1080", "zh,390,844", "en,390,844"})
  void allIndicatorsAreListedWithValueGradeAndTrust(String language, int width, int height) {
    Page page = explorer(language, width, height);
    page.waitForCondition(() -> page.locator("[data-code='CVS-TRF-0001'] .sign.red").count() == 1);
    chromium.picture(page, "explorer-%s-%d".formatted(language, width));
    assertThat(
            page.locator("[data-code='%s'] .trust".formatted(DemoIndicator.STALE))
                .getAttribute("class"))
        .isEqualTo("trust stale");
    assertThat(page.locator("[data-code='CVS-ENV-0001'] .value").innerText()).matches("[0-9.,]+");
    assertFits(page);
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void indicatorsAreFoundInTraditionalCharactersPinyinAndInitials() {
    Page page = explorer("zh", 1920, 1080);
    for (String query : List.of("最高氣溫", "zuigaoqiwen", "zgqw", "wea-0002", "maximum TEMP")) {
      page.locator("input.search").fill(query);
      page.waitForCondition(() -> page.locator(".row").count() == 1);
      // what was just put in place may not be laid out yet, and has no inner text then
      assertThat(page.locator(".row .name").textContent()).as(query).isEqualTo("最高气温");
    }
    page.locator("input.search").fill("没有这样的");
    page.waitForSelector("#explorer .empty");
    page.keyboard().press("Escape");
    page.waitForCondition(() -> page.locator(".row").count() == DemoIndicator.ALL.size());
    assertThat(chromium.problems()).isEmpty();
  }

  @ParameterizedTest(name = "{0} {1}x{2}")
  @CsvSource({"zh,1920,1080", "en,390,844"})
  void theAlertsOfASeriesAreJudgedOnItsPage(String language, int width, int height) {
    Page page = indicator("CVS-ENV-0001/630102", language, width, height);
    page.locator(".episodes .judge").click();
    page.locator("dialog input[value='true_alarm']").check();
    chromium.picture(page, "judge-%s-%d".formatted(language, width));
    page.locator("dialog button.primary").click();
    page.waitForSelector(".episodes .verdict.true_alarm");
    page.locator(".episodes").scrollIntoViewIfNeeded();
    chromium.picture(page, "episodes-%s-%d".formatted(language, width));
    assertFits(page);
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void theKeyboardLeadsFromTheSearchToAnIndicatorAndBack() {
    Page page = explorer("zh", 1920, 1080);
    page.keyboard().press("/");
    page.keyboard().type("zgqw");
    page.waitForCondition(() -> page.locator(".row").count() == 1);
    page.keyboard().press("ArrowDown");
    page.keyboard().press("Enter");
    page.waitForSelector(".indicatorHead h1");
    assertThat(page.locator(".indicatorHead h1").innerText()).isEqualTo("最高气温");
    page.keyboard().press("Escape");
    page.waitForSelector("#explorer:not([hidden]) .row");
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void aDomainNarrowsTheList() {
    Page page = explorer("zh", 1920, 1080);
    page.locator(".domainsBar button").getByText("交通").click();
    page.waitForCondition(() -> page.locator(".row").count() == 4);
    assertThat(page.locator(".domainGroup").count()).isOne();
  }

  @ParameterizedTest(name = "{0} {1}x{2}")
  @CsvSource({"zh,1920,1080", "en,1920,1080", "zh,390,844", "en,390,844"})
  void anIndicatorIsShownWhole(String language, int width, int height) {
    Page page = indicator("CVS-ENV-0001", language, width, height);
    page.waitForSelector(".panel.why canvas");
    assertThat(page.locator(".panel.why").innerText()).contains("春节");
    page.waitForSelector(".lineage .node.self");
    page.waitForSelector(".findings tbody tr");
    assertThat(page.locator(".ranking li").count()).isEqualTo(7);
    assertThat(page.locator(".definitionPanel").innerText())
        .contains("topic_env.air", "市生态环境局", "AVG(val)", "value >= 116");
    assertThat(page.locator(".lineage .node").allInnerTexts().toString())
        .contains("topic_env", "air.val", "tribuo-linear-sgd@3");
    assertThat(page.locator(".edges path").count()).isEqualTo(10);
    assertFits(page);
    chromium.whole(page, "indicator-%s-%d".formatted(language, width));
    assertThat(chromium.problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"zh,趋势预警,同时参考", "en,Early warning,also looks at"})
  void theForecastGoesOnFromTheHistoryAndSaysWhatMadeItAndHowItWasJudged(
      String language, String warning, String weather) {
    Page page = indicator("CVS-ENV-0001", language, 1920, 1080);
    page.waitForSelector(".forecastNote .earlyWarning");
    assertThat(page.locator(".forecastNote").innerText())
        .contains(
            warning,
            "tribuo-outlook@4",
            "0.41",
            "0.78",
            "0.86",
            "80 %",
            "2026-01-14",
            weather,
            "CVS-ENV-0002");
    assertThat(page.locator(".forecastNote .sign").count()).isOne();
    chromium.picture(page, "forecast-" + language);
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void anIndicatorWithoutAModelShowsNoForecast() {
    Page page = indicator(DemoPages.UNEXPLAINED, "zh", 1920, 1080);
    assertThat(page.locator(".forecastNote").innerText()).isEmpty();
  }

  @Test
  void anAlertIsMarkedInThePeriodThatItBeganWith() {
    Page page = indicator("CVS-ENV-0001", "en", 1280, 800);
    String alert =
        "{grade: 'red', startsAt: '2026-03-18T03:20:00Z', %s latest: {key: {region: '630102'}, periodStart: '2026-03-18T05:00:00Z', value: 7}}";
    String marks =
        "async () => (await import('/chart.js')).anomalies([%s], [2, 3, 4, 5].map((hour) => ({time: Date.UTC(2026, 2, 18, hour), value: hour})),"
            + " 3600000, '630102', 0).map((mark) => new Date(mark.value[0]).toISOString() + ' ' + mark.value[1]).join()";
    assertThat(
            page.evaluate(marks.formatted(alert.formatted("firstPeriod: '2026-03-18T02:00:00Z',"))))
        .isEqualTo("2026-03-18T02:00:00.000Z 2");
    assertThat(
            page.evaluate(marks.formatted(alert.formatted("firstPeriod: '2026-03-18T02:40:00Z',"))))
        .as("within a longer period")
        .isEqualTo("2026-03-18T02:40:00.000Z 2");
    assertThat(page.evaluate(marks.formatted(alert.formatted(""))))
        .as("an alert of an earlier version")
        .isEqualTo("2026-03-18T05:00:00.000Z 5");
  }

  @Test
  void gradesThatTheValueDecidesAreAreasOfTheChart() {
    Page page = indicator("CVS-ENV-0001", "zh", 1920, 1080);
    String script =
        "async (thresholds) => (await import('/chart.js')).gradeStretches(thresholds)"
            + ".map(one => `${one.from} ${one.to} ${one.grade}`).join(', ')";
    assertThat(
            page.evaluate(
                script,
                List.of(
                    Map.of("grade", "yellow", "least", 116),
                    Map.of("grade", "red", "least", 251),
                    Map.of("grade", "blue", "greatest", 0),
                    Map.of("grade", "orange", "when", "z > 3"))))
        .isEqualTo("-Infinity 0 blue, 116 251 yellow, 251 Infinity red");
  }

  @Test
  void theHistoryIsComparedTabledAndDownloaded() throws Exception {
    Page page = indicator("CVS-ENV-0001", "zh", 1920, 1080);
    page.locator(".panel.series select").nth(1).selectOption("yoy");
    page.locator(".panel.series .ranges button").getByText("表").click();
    page.waitForCondition(() -> page.locator(".panel.series th").allInnerTexts().contains("同比"));
    assertThat(page.locator(".panel.series tbody").innerText()).contains("基期缺失", " %");
    chromium.picture(page, "series-table");
    Download download = page.waitForDownload(() -> page.locator("button.csv").click());
    assertThat(Files.readString(download.path(), StandardCharsets.UTF_8))
        .startsWith(
            "code,region,period_start,grain,value,trust,n,revision,low,expected,high,yoy\r\n")
        .contains("CVS-ENV-0001,630100,2026-03-1");
    page.locator(".panel.series .ranges button").getByText("图").click();
    page.waitForSelector(".panel.series canvas");
    chromium.picture(page, "series-compared");
    page.locator(".panel.series .ranges button").getByText("1 年").click();
    page.locator(".panel.series select").nth(0).selectOption("P1D");
    page.waitForCondition(() -> page.locator(".panel.series select").nth(1).inputValue().isEmpty());
    page.waitForSelector(".panel.series canvas");
    chromium.picture(page, "series-days");
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void aDistrictIsChosenFromTheRankingAndKeepsTheIndicator() {
    Page page = indicator("CVS-TRF-0001", "zh", 1920, 1080);
    page.locator(".ranking a").getByText("城中区").click();
    page.waitForURL("**/indicators.html#CVS-TRF-0001/630103");
    page.waitForCondition(
        () -> page.locator(".indicatorHead select").inputValue().equals("630103"));
    assertThat(page.locator(".indicatorHead .sign.red").count()).isOne();
    chromium.picture(page, "indicator-district");
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void whatIsNotExplainedOrKnownSaysSoOrStaysAway() {
    Page page = indicator(DemoPages.UNEXPLAINED, "en", 1920, 1080);
    page.waitForCondition(
        () -> page.locator(".panel.why").innerText().contains("a percentile is not explained"));
    page.waitForSelector(".findings tbody tr");
    assertThat(page.locator(".panel.lineage").isHidden()).isTrue();
    // the browser itself reports the 404 of the lineage
    assertThat(chromium.problems()).allMatch(problem -> problem.contains("404"));
    page.navigate(chromium.address("/indicators.html#CVS-NO-0001"));
    page.waitForCondition(
        () -> page.locator("#indicator").innerText().contains("There is no such indicator"));
  }

  private Page editor(String language, int width, int height, String token) {
    Page page = open("/editor.html#CVS-ENV-0001", language, width, height, token);
    page.waitForCondition(() -> text(page).contains("CVS-ENV-0001"));
    return page;
  }

  private static String text(Page page) {
    return (String)
        page.evaluate("() => document.querySelector('.CodeMirror')?.CodeMirror.getValue() ?? ''");
  }

  private static void replaceInText(Page page, String what, String with) {
    page.evaluate(
        "([what, with_]) => { const editor = document.querySelector('.CodeMirror').CodeMirror;"
            + " editor.replaceRange(editor.getValue().replace(what, with_), {line: 0, ch: 0},"
            + " {line: editor.lineCount(), ch: 0}, '+input'); }",
        List.of(what, with));
  }

  private static void waitUntilFine(Page page) {
    try {
      page.waitForSelector(".outcome:not([aria-busy]) .fine");
    } catch (TimeoutError e) {
      throw new AssertionError(page.locator("#check").innerText(), e);
    }
  }

  @ParameterizedTest(name = "{0} {1}x{2}")
  @CsvSource({"zh,1920,1080", "en,1920,1080", "zh,390,844", "en,390,844"})
  void aDefinitionIsCheckedWhileItIsTypedAndTried(String language, int width, int height) {
    Page page = editor(language, width, height, "operator");
    waitUntilFine(page);
    page.locator("button.runTrial").click();
    page.waitForSelector(".trialBody canvas");
    assertThat(page.locator(".trialBody .days tbody tr").count()).isEqualTo(14);
    replaceInText(page, "value >= 151", "value <= 151");
    page.waitForSelector(".outcome:not([aria-busy]) .problemList button");
    assertThat(page.locator(".problemList button").first().innerText())
        .contains("thresholds[1].when", "threshold-opposes-direction");
    assertThat(page.locator(".problemLine").innerText()).contains("value <= 151");
    assertFits(page);
    chromium.whole(page, "editor-%s-%d".formatted(language, width));
    page.locator(".problemList button").first().click();
    assertThat(
            page.evaluate(
                "() => document.querySelector('.CodeMirror').CodeMirror.getCursor().line"))
        .isEqualTo(
            Integer.parseInt(
                    page.locator(".problemList b").first().innerText().replaceAll("\\D", ""))
                - 1);
    assertThat(chromium.problems()).isEmpty();
  }

  @ParameterizedTest(name = "{0} {1}x{2}")
  @CsvSource({"zh,1920,1080", "en,1920,1080", "zh,390,844", "en,390,844"})
  void detectorsAreTriedOnStoredHistory(String language, int width, int height) {
    Page page = indicator("CVS-ENV-0001", language, width, height);
    page.locator(".indicatorHead select").selectOption("630102");
    page.waitForURL("**#CVS-ENV-0001/630102");
    page.locator(".indicatorHead a[href^='/backtest.html']").click();
    page.waitForURL("**/backtest.html#CVS-ENV-0001/630102");
    page.waitForCondition(() -> page.locator("select.which").inputValue().equals("CVS-ENV-0001"));
    assertThat(page.locator("select.place").inputValue()).isEqualTo("630102");
    page.locator("button.runTrial").click();
    page.waitForSelector("#days canvas");
    page.waitForSelector("#values canvas");
    assertThat(page.locator("#found tbody tr").count()).isOne();
    assertThat(page.locator("#found tbody").innerText()).contains("li", "扬尘");
    assertThat(page.locator("#days .warned").innerText()).contains("tribuo-linear-sgd@3");
    assertFits(page);
    chromium.whole(page, "backtest-%s-%d".formatted(language, width));
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void aTrialIsCancelledAndAWrongOneRefused() {
    Page page = editor("zh", 1920, 1080, "operator");
    page.locator("button.runTrial").click();
    page.waitForCondition(() -> page.locator("button.stopTrial").isEnabled());
    page.locator("button.stopTrial").click();
    page.waitForCondition(() -> page.locator(".trialProgress").innerText().contains("已取消"));
    assertThat(chromium.problems()).isEmpty();
    replaceInText(page, "kind: Indicator", "kind: Panel");
    page.locator("button.runTrial").click();
    page.waitForCondition(() -> page.locator(".trialBody .error").count() == 1);
    assertThat(page.locator(".trialBody .error").innerText()).contains("unknown-schema");
  }

  @Test
  void theTextIsKeptOverAReloadAndDownloaded() throws Exception {
    Page page = editor("zh", 1920, 1080, "operator");
    page.onDialog(Dialog::accept);
    replaceInText(page, "version: 1", "version: 2");
    page.waitForCondition(() -> page.locator(".changed").innerText().contains("有未下载的修改"));
    page.reload();
    page.waitForCondition(() -> text(page).contains("version: 2"));
    Download download = page.waitForDownload(() -> page.locator("#text button.primary").click());
    assertThat(download.suggestedFilename()).isEqualTo("CVS-ENV-0001.yaml");
    assertThat(Files.readString(download.path(), StandardCharsets.UTF_8)).contains("version: 2");
    assertThat(page.locator(".changed").innerText()).isEmpty();
    page.locator("#text select").selectOption("");
    page.waitForCondition(() -> text(page).contains("CVS-ENV-0999"));
    waitUntilFine(page);
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void whoMayNotCheckIsToldSo() {
    Page page = editor("zh", 1920, 1080, "viewer");
    page.waitForCondition(() -> page.locator(".outcome").innerText().contains("分析员"));
  }

  private static void assertFits(Page page) {
    assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
        .as("nothing is wider than the window")
        .isEqualTo(true);
  }
}
