package org.chengmai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.chengmai.engine.demo.RunningDemo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The wall over the running demo city in a real Chromium; {@code -Dchengmai.screenshots=true}
 * renews the picture in the documents.
 */
@ExtendWith(RunningDemo.Extension.class)
final class WallDemoIT {
  private static final double PATIENCE = Duration.ofMinutes(4).toMillis();

  @Test
  void tilesShowValuesAndAnAlertAppears(RunningDemo demo) throws Exception {
    demo.loadPast();
    List<String> problems = new ArrayList<>();
    try (RealBrowser browser = RealBrowser.start()) {
      Page page = browser.page("zh-CN", 1920, 1080, problems);
      page.navigate(demo.engine().logInAddress().toString());
      page.waitForSelector(".connection.live", patience());
      for (String district : List.of("630102", "630104", "630121")) {
        demo.disturb(district, Duration.ofMinutes(12));
      }
      page.waitForFunction(
          "() => new Set([...document.querySelectorAll('.alert .title')].map(title => title.innerText)).size >= 3"
              + " && [...document.querySelectorAll('.tile .value')].filter(v => /\\d/.test(v.innerText)).length >= 20"
              + " && document.querySelectorAll('.tile .spark:has(polyline[points])').length >= 15",
          null,
          new Page.WaitForFunctionOptions().setTimeout(PATIENCE));
      page.waitForSelector("#start", patience().setState(WaitForSelectorState.HIDDEN));
      assertThat(page.locator(".synthetic").innerText()).contains("模拟");
      assertThat(page.locator("[data-region]").count()).isGreaterThanOrEqualTo(7);
      Path picture = RealBrowser.picture("wall-demo.png");
      page.screenshot(new Page.ScreenshotOptions().setPath(picture));
      assertThat(Files.size(picture)).isGreaterThan(50_000);
      page.navigate(page.url().replaceAll("(//[^/]+/).*", "$1sql.html"));
      page.locator(".schema summary", new Page.LocatorOptions().setHasText("base_population"))
          .first()
          .waitFor();
      assertThat(page.locator("#catalog").innerText()).containsPattern("resident\\s*≈ [0-9,]+ 行");
      page.locator("button.run").click();
      page.waitForSelector(".gridRow", patience());
      page.screenshot(new Page.ScreenshotOptions().setPath(picture.resolveSibling("sql-demo.png")));
    }
    assertThat(problems).isEmpty();
  }

  @Test
  void anIndicatorIsFoundExplainedAndTriedInTheEditor(RunningDemo demo) throws Exception {
    demo.loadPast();
    List<String> problems = new ArrayList<>();
    try (RealBrowser browser = RealBrowser.start()) {
      Page page = browser.page("zh-CN", 1920, 1080, problems);
      page.navigate(demo.engine().logInAddress().toString());
      String home = page.url().replaceAll("(//[^/]+/).*", "$1");
      page.navigate(home + "indicators.html");
      page.waitForFunction(
          "() => document.querySelectorAll('.row').length >= 80"
              + " && [...document.querySelectorAll('.row .value')].filter(v => /\\d/.test(v.innerText)).length >= 40",
          null,
          new Page.WaitForFunctionOptions().setTimeout(PATIENCE));
      page.screenshot(
          new Page.ScreenshotOptions().setPath(RealBrowser.picture("indicators-demo.png")));
      page.locator("input.search").fill("xklw");
      page.waitForCondition(() -> page.locator(".row").count() == 1);
      page.locator(".row").click();
      page.waitForSelector(".panel.series canvas", patience());
      page.waitForSelector(".panel.why canvas", patience());
      page.waitForSelector(".definitionPanel dl", patience());
      page.waitForSelector(".lineage .node.self", patience());
      assertThat(page.locator(".lineage .column").allInnerTexts().toString()).contains("val");
      assertThat(page.locator(".definitionPanel").innerText())
          .contains("topic_env.air", "市生态环境局", "AVG(val)");
      page.screenshot(
          new Page.ScreenshotOptions().setPath(RealBrowser.picture("indicator-demo.png")));
      page.navigate(home + "editor.html#CVS-ENV-0001");
      page.waitForSelector(".outcome:not([aria-busy]) .fine", patience());
      page.locator("button.runTrial").click();
      page.waitForSelector(".trialBody canvas", patience());
      assertThat(page.locator(".trialBody .days tbody tr").count()).isPositive();
      page.screenshot(new Page.ScreenshotOptions().setPath(RealBrowser.picture("editor-demo.png")));
    }
    assertThat(problems).isEmpty();
  }

  private static Page.WaitForSelectorOptions patience() {
    return new Page.WaitForSelectorOptions().setTimeout(PATIENCE);
  }
}
