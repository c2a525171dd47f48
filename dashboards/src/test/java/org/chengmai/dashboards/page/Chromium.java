package org.chengmai.dashboards.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;

/** A real Chromium, one for a run, and a demo city for each test. */
final class Chromium implements BeforeEachCallback, AfterEachCallback {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static final Path PICTURES = Path.of("target", "screenshots");

  private final List<String> problems = new ArrayList<>();
  private @Nullable Running running;
  private @Nullable DemoCity city;
  private @Nullable BrowserContext context;

  /** The browser, kept until the run ends. */
  private record Running(Playwright playwright, Browser browser) implements CloseableResource {
    static Running start() {
      Playwright playwright =
          Playwright.create(
              new Playwright.CreateOptions()
                  .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
      return new Running(
          playwright,
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions()
                      .setExecutablePath(PROGRAM)
                      .setArgs(
                          List.of(
                              "--no-sandbox",
                              "--disable-gpu",
                              "--disable-background-networking",
                              "--disable-component-update",
                              "--disable-sync"))));
    }

    @Override
    public void close() {
      playwright.close();
    }
  }

  @Override
  public void beforeEach(ExtensionContext test) {
    assumeTrue(Files.isExecutable(PROGRAM), "needs Debian's chromium at " + PROGRAM);
    running =
        test.getRoot()
            .getStore(Namespace.create(Chromium.class))
            .getOrComputeIfAbsent(Running.class, ignored -> Running.start(), Running.class);
    city = new DemoCity(true);
  }

  @Override
  public void afterEach(ExtensionContext test) {
    if (context != null) {
      context.close();
    }
    if (city != null) {
      city.close();
    }
  }

  DemoCity city() {
    return Objects.requireNonNull(city, "no test runs");
  }

  /** Another city in place of the first. */
  void replace(DemoCity other) {
    city().close();
    city = other;
  }

  /** What the browser complained about. */
  List<String> problems() {
    return problems;
  }

  String address(String path) {
    return "http://127.0.0.1:" + city().port() + path;
  }

  Page page(String language, int width, int height) {
    BrowserContext opened =
        Objects.requireNonNull(running, "no test runs")
            .browser()
            .newContext(
                new Browser.NewContextOptions()
                    .setViewportSize(width, height)
                    .setLocale(language.equals("zh") ? "zh-CN" : "en-GB"));
    context = opened;
    Page page = opened.newPage();
    page.setDefaultTimeout(20_000);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            problems.add(message.text());
          }
        });
    page.onPageError(problems::add);
    return page;
  }

  void picture(Page page, String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
  }

  /** The page from top to bottom. */
  void whole(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")).setFullPage(true));
  }
}
