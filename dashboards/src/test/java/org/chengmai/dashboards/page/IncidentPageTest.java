package org.chengmai.dashboards.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of the incidents in a real Chromium. Screenshots go to target/screenshots. */
final class IncidentPageTest {
  @RegisterExtension final Chromium chromium = new Chromium();

  private Page open(String path, String language, int width, int height) {
    Page page = chromium.page(language, width, height);
    page.navigate(chromium.address("/login?token=viewer"));
    page.navigate(chromium.address(path));
    page.waitForSelector(".member");
    return page;
  }

  @ParameterizedTest(name = "{0} {1}x{2}")
  @CsvSource({"zh,1920,1080", "en,390,844"})
  void whoMovedFirstIsDrawnAboveWhoFollowed(String language, int width, int height) {
    Page page = open("/incidents.html", language, width, height);
    assertThat(page.locator(".member").count()).isEqualTo(3);
    assertThat(page.locator(".member .trace polyline").count())
        .as("a gap parts each line")
        .isEqualTo(6);
    assertThat(page.locator(".member").first().getAttribute("class")).contains("origin");
    assertThat(page.locator(".member").first().locator(".after").innerText())
        .isEqualTo(language.equals("zh") ? "最先" : "first");
    assertThat(page.locator(".member").last().locator(".after").innerText()).contains("15");
    chromium.whole(page, "incidents-%s-%d".formatted(language, width));
    assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void ofManyMembersTheEarliestAreDrawnAndTheOthersWhenAskedFor() {
    Page page = open("/incidents.html#" + DemoIncidents.LARGE, "en", 1920, 1080);
    assertThat(page.locator(".member").count()).isEqualTo(12);
    assertThat(page.locator(".incident .others").innerText()).isEqualTo("Show the other 2 series");
    page.locator(".incident .others").click();
    page.waitForFunction("() => document.querySelectorAll('.member').length === 14");
    assertThat(page.locator(".incident .others").count()).isZero();
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void anIncidentThatIsGoneIsToldSo() {
    Page page = open("/incidents.html", "zh", 1920, 1080);
    page.evaluate("() => { location.hash = '#gone'; }");
    page.waitForSelector(".incident .error");
    assertThat(page.locator(".incidentItem").count())
        .as("the others can still be chosen")
        .isEqualTo(1);
  }
}
