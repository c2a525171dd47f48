package org.chengmai.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chengmai.engine.demo.RunningDemo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The wall over the running demo city in a real Chromium; {@code -Dchengmai.screenshots=true}
 * renews the picture in the documents.
 */
@ExtendWith(RunningDemo.Extension.class)
final class WallDemoIT {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final double PATIENCE = Duration.ofMinutes(4).toMillis();

  @BeforeEach
  void chromiumIsThere() {
    assumeTrue(Files.isExecutable(CHROMIUM), "needs Debian's chromium at " + CHROMIUM);
  }

  @Test
  void tilesShowValuesAndAnAlertAppears(RunningDemo demo) throws Exception {
    demo.loadPast();
    List<String> problems = new ArrayList<>();
    try (Playwright playwright =
            Playwright.create(
                new Playwright.CreateOptions()
                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser =
            playwright
                .chromium()
                .launch(
                    new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(
                            List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-background-networking")))) {
      Page page =
          browser.newPage(
              new Browser.NewPageOptions().setViewportSize(1920, 1080).setLocale("zh-CN"));
      page.onConsoleMessage(
          message -> {
            if (message.type().equals("error")) {
              problems.add(message.text());
            }
          });
      page.onPageError(problems::add);
      page.onResponse(
          response -> {
            if (response.status() >= 400) {
              problems.add(response.status() + " " + response.url());
            }
          });
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
      Path picture =
          Boolean.getBoolean("chengmai.screenshots")
              ? RealServers.root().resolve("docs/images/wall-demo.png")
              : RealServers.root().resolve("engine/target/screenshots/wall-demo.png");
      Files.createDirectories(picture.getParent());
      page.screenshot(new Page.ScreenshotOptions().setPath(picture));
      assertThat(Files.size(picture)).isGreaterThan(50_000);
      page.navigate(page.url().replaceAll("(//[^/]+/).*", "$1sql.html"));
      page.locator(".schema summary", new Page.LocatorOptions().setHasText("base_population"))
          .first()
          .waitFor();
      assertThat(page.locator("#catalog").innerText()).containsPattern("resident\\s*≈ [0-9,]+ 行");
      page.locator("button.run").click();
      page.waitForSelector("#query tbody tr", patience());
      page.screenshot(new Page.ScreenshotOptions().setPath(picture.resolveSibling("sql-demo.png")));
    }
    assertThat(problems).isEmpty();
  }

  private static Page.WaitForSelectorOptions patience() {
    return new Page.WaitForSelectorOptions().setTimeout(PATIENCE);
  }
}
