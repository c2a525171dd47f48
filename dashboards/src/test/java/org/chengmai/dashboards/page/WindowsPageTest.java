package org.chengmai.dashboards.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of works and exercises in a real Chromium. Screenshots go to target/screenshots. */
final class WindowsPageTest {
  @RegisterExtension final Chromium chromium = new Chromium();

  private Page open(String user, String language, int width, int height) {
    Page page = chromium.page(language, width, height);
    page.navigate(chromium.address("/login?token=" + user));
    page.navigate(chromium.address("/windows.html"));
    page.waitForSelector(".windowList .note");
    return page;
  }

  @ParameterizedTest(name = "{0} {1}x{2}")
  @CsvSource({"zh,1920,1080", "en,390,844"})
  void anOperatorWritesWorksDownAndEndsThem(String language, int width, int height) {
    Page page = open("operator", language, width, height);
    page.waitForSelector(".writeWindow:enabled");
    page.locator("select[name=kind]").selectOption("exercise");
    page.locator("select[name=code]").selectOption("CVS-ENV-0001");
    page.locator("select[name=region]").selectOption("630102");
    page.locator("input[name=reason]").fill("防汛演练");
    page.locator(".writeWindow").click();
    page.waitForSelector(".endWindow");
    String row = page.locator(".windowList tbody tr").innerText();
    assertThat(row).contains("防汛演练", "王值班", language.equals("zh") ? "演练" : "Exercise");
    assertThat(row).contains(language.equals("zh") ? "城东区" : "Chengdong");
    assertThat(page.locator("input[name=reason]").inputValue()).isEmpty();
    chromium.whole(page, "windows-%s-%d".formatted(language, width));
    assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    page.locator(".endWindow").click();
    page.waitForSelector(".windowList .note");
    page.locator("input[name=past]").check();
    page.waitForSelector(".windowList td.over");
    assertThat(page.locator(".endWindow").count()).isZero();
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void aViewerOnlyReads() {
    Page page = open("viewer", "zh", 1280, 800);
    page.waitForSelector(".writeWindow:disabled");
    assertThat(page.locator(".writeWindow").getAttribute("title")).isEqualTo("需要操作员角色");
    assertThat(chromium.problems()).isEmpty();
  }
}
