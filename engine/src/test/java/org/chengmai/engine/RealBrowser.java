package org.chengmai.engine;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Debian's Chromium; every page writes down what goes wrong in it. Of one thread. */
public final class RealBrowser implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");

  private final Playwright playwright;
  private final Browser browser;

  private RealBrowser(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Starts it; a test is skipped where it is not installed. */
  public static RealBrowser start() {
    Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "needs Debian's chromium at " + PROGRAM);
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    return new RealBrowser(
        playwright,
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(PROGRAM)
                    .setArgs(
                        List.of(
                            "--no-sandbox", "--disable-gpu", "--disable-background-networking"))));
  }

  /**
   * A page with a log-in of its own.
   *
   * @param problems gets what the browser complains about, and answers of status 400 and more
   */
  public Page page(String locale, int width, int height, List<String> problems) {
    Page page =
        browser
            .newContext(
                new Browser.NewContextOptions().setViewportSize(width, height).setLocale(locale))
            .newPage();
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
    return page;
  }

  /** Where a picture goes: into the documents with {@code -Dchengmai.screenshots=true}. */
  public static Path picture(String name) throws IOException {
    Path folder =
        RealServers.root()
            .resolve(
                Boolean.getBoolean("chengmai.screenshots")
                    ? "docs/images"
                    : "engine/target/screenshots");
    return Files.createDirectories(folder).resolve(name);
  }

  @Override
  public void close() {
    playwright.close();
  }
}
