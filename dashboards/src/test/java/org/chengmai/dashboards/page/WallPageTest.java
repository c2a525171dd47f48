package org.chengmai.dashboards.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.util.List;
import java.util.Objects;
import org.chengmai.dashboards.live.Await;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Grade;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a real Chromium. Screenshots go to target/screenshots. */
final class WallPageTest {
  @RegisterExtension final Chromium chromium = new Chromium();

  @BeforeEach
  void start() {
    DemoCity city = chromium.city();
    city.raise("CVS-ENV-0001", "630102", Grade.ORANGE, 2.6);
    city.raise("CVS-TRF-0001", "630103", Grade.RED, 2.3);
    city.raise("CVS-UTL-0013", "630121", Grade.YELLOW, 3.1);
    city.raise("CVS-HOT-0001", "630104", Grade.BLUE, 1.7);
    city.raise("CVS-TRF-0002", "630103", Grade.ORANGE, 0.4);
    city.raise("CVS-HLT-0001", "630106", Grade.YELLOW, 1.6);
  }

  @ParameterizedTest(name = "{0} {1}x{2}")
  @CsvSource({"zh,1920,1080", "en,1920,1080", "zh,3840,2160", "en,3840,2160"})
  void theWallIsWholeAndLegible(String language, int width, int height) {
    Page page = wall(language, width, height, "operator");
    page.waitForFunction(
        "() => document.querySelectorAll('.tile .spark:has(polyline)').length >= 22");
    chromium.picture(page, "wall-%s-%d".formatted(language, height));
    assertThat(page.locator(".tile").count()).isEqualTo(DemoIndicator.ALL.size());
    assertThat(page.locator(".synthetic").innerText())
        .isEqualTo(language.equals("zh") ? "演示数据 · 模拟城市" : "Synthetic demo data");
    assertThat(
            page.locator("[data-code='%s'] .trust".formatted(DemoIndicator.STALE))
                .getAttribute("class"))
        .isEqualTo("trust stale");
    assertThat(page.locator("[data-code='%s'] .value".formatted(DemoIndicator.SILENT)).innerText())
        .isEqualTo("–");
    assertThat(clipped(page)).as("text that does not fit its box").isEmpty();
    assertThat(
            page.evaluate(
                "() => document.documentElement.scrollWidth <= innerWidth &&"
                    + " document.documentElement.scrollHeight <= innerHeight"))
        .isEqualTo(true);
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void anAlertIsSeenWithinASecond() {
    Page page = wall("zh", 1920, 1080, "operator");
    String id = chromium.city().raise("CVS-ENV-0002", "630105", Grade.RED, 3);
    page.waitForSelector(
        "[data-alert='" + id + "']", new Page.WaitForSelectorOptions().setTimeout(1_000));
    page.waitForSelector(
        ".district.red[data-region='630105']", new Page.WaitForSelectorOptions().setTimeout(1_000));
    chromium.city().resolve(id);
    page.waitForSelector("[data-alert='" + id + "'].resolved");
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void aStormOfAlertsStaysBounded() {
    Page page = wall("zh", 1920, 1080, "operator");
    for (int i = 0; i < 700; i++) {
      chromium.city().raise("CVS-TRF-0001", "630103", Grade.YELLOW, 2);
    }
    page.waitForCondition(() -> page.locator(".alertsPanel h2").innerText().contains("706"));
    assertThat(page.locator(".alert").count()).isEqualTo(60);
    assertThat(page.locator(".district.blue[data-region='630104']").count())
        .as("no district is forgotten")
        .isOne();
    chromium.picture(page, "storm");
    String last = "";
    for (int i = 0; i < 4_400; i++) {
      last =
          chromium.city().raise("CVS-TRF-0001", "630103", i == 4_399 ? Grade.RED : Grade.YELLOW, 2);
    }
    page.waitForSelector("[data-alert='" + last + "']");
    assertThat(page.evaluate("async () => (await import('/state.js')).state.alerts.size"))
        .isEqualTo(5_000);
    assertThat(page.locator(".alertsPanel h2").innerText()).contains("5000+");
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void anOperatorAcknowledgesAndCloses() {
    Page page = wall("zh", 1920, 1080, "operator");
    page.keyboard().press("a");
    Await.until(
        "the red alert, first in the list, is acknowledged",
        () -> state("01K00002") == AlertState.ACKNOWLEDGED);
    page.locator("[data-alert='01K00001'] .acknowledge").click();
    Await.until(
        "the clicked alert is acknowledged", () -> state("01K00001") == AlertState.ACKNOWLEDGED);
    page.locator("[data-alert='01K00001'] .close").click();
    page.locator("dialog textarea").fill("已派单处置");
    chromium.picture(page, "close-dialog");
    page.locator("dialog button.primary").click();
    Await.until("the alert is closed", () -> state("01K00001") == AlertState.CLOSED);
    assertThat(chromium.city().find("01K00001").note()).isEqualTo("已派单处置");
    page.waitForCondition(() -> page.locator("[data-alert='01K00001']").count() == 0);
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void anOperatorSaysWhatAnAlertTurnedOutToBeAndMayChangeIt() {
    Page page = wall("zh", 1920, 1080, "operator");
    page.locator("[data-alert='01K00001'] .judge").click();
    page.locator("dialog input[value='expected_event']").check();
    page.locator("dialog textarea").fill("体育馆演唱会");
    chromium.picture(page, "judge-dialog");
    page.locator("dialog button.primary").click();
    page.waitForSelector("[data-alert='01K00001'] .verdict.expected_event");
    page.locator("[data-alert='01K00001'] .judge").click();
    assertThat(page.locator("dialog textarea").inputValue()).isEqualTo("体育馆演唱会");
    page.locator("dialog input[value='false_alarm']").check();
    page.locator("dialog button.primary").click();
    page.waitForSelector("[data-alert='01K00001'] .verdict.false_alarm");
    assertThat(Objects.requireNonNull(chromium.city().find("01K00001").feedback()).by())
        .isEqualTo("王值班");
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void whatFeedbackDemotedIsListedLastAndSaysWhy() {
    Page page = wall("zh", 1920, 1080, "operator");
    chromium.city().demote("01K00001");
    page.waitForSelector("[data-alert='01K00001'].demoted");
    page.waitForCondition(
        () -> "01K00001".equals(page.locator(".alert").last().getAttribute("data-alert")));
    assertThat(page.locator("[data-alert='01K00001'] .assessment").innerText()).contains("低优先级");
    chromium.picture(page, "demoted");
    assertThat(clipped(page)).as("text that does not fit its box").isEmpty();
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void anAlertDuringWorksIsListedLastCountsNowhereAndSaysWhyUntilTheyAreOver() {
    Page page = wall("zh", 1920, 1080, "operator");
    String all = page.locator(".alertsPanel h2").innerText();
    chromium.city().suppress("01K00002", true);
    page.waitForCondition(
        () -> "01K00002".equals(page.locator(".alert").last().getAttribute("data-alert")));
    assertThat(page.locator("[data-alert='01K00002'] .assessment").innerText())
        .contains("检修期间", "更换传感器", "王值班");
    assertThat(page.locator(".alertsPanel h2").innerText()).isNotEqualTo(all);
    chromium.picture(page, "suppressed");
    assertThat(clipped(page)).as("text that does not fit its box").isEmpty();
    chromium.city().suppress("01K00002", false);
    page.waitForCondition(
        () -> "01K00002".equals(page.locator(".alert").first().getAttribute("data-alert")));
    assertThat(page.locator(".alertsPanel h2").innerText()).isEqualTo(all);
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void whoElseWasCalledStandsAtAnAlertThatNobodyAnswered() {
    Page page = wall("zh", 1920, 1080, "operator");
    chromium.city().escalate("01K00002", "shift-lead", "deputy-director");
    page.waitForSelector("[data-alert='01K00002'] .escalated");
    assertThat(page.locator("[data-alert='01K00002'] .escalated").innerText())
        .isEqualTo("无人应答，已上报 shift-lead, deputy-director");
    assertThat(
            page.evaluate(
                "() => document.querySelector('.escalated').getBoundingClientRect().bottom"
                    + " <= document.querySelector('[data-alert=\"01K00002\"] .foot').getBoundingClientRect().top + 1"))
        .as("above the buttons")
        .isEqualTo(true);
    chromium.picture(page, "escalated");
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void aViewerSeesButCannotAcknowledge() {
    Page page = wall("zh", 1920, 1080, "viewer");
    assertThat(page.locator("[data-alert='01K00001'] .acknowledge").isDisabled()).isTrue();
    page.keyboard().press("a");
    assertThat(state("01K00002")).isEqualTo(AlertState.FIRING);
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void thePageCatchesUpAfterTheServerRestarts() {
    Page page = wall("zh", 1920, 1080, "operator");
    chromium.city().stopListening();
    page.waitForSelector(".connection.down");
    page.waitForSelector(".frozen:not([hidden])");
    chromium.picture(page, "disconnected");
    String missed = chromium.city().raise("CVS-SAF-0001", "630102", Grade.RED, 2.2);
    chromium.city().listenAgain();
    page.waitForSelector(
        "[data-alert='" + missed + "']", new Page.WaitForSelectorOptions().setTimeout(15_000));
    page.waitForSelector(".connection.live");
    assertThat(page.locator(".alert").count()).isEqualTo(7);
    // The browser itself reports the refused connections; nothing else may be wrong.
    assertThat(chromium.problems())
        .allMatch(
            problem ->
                problem.contains("WebSocket connection") || problem.contains("ERR_CONNECTION"));
  }

  @Test
  void whereNoWebSocketPassesThePageListensToEvents() {
    Page page = chromium.page("zh", 1920, 1080);
    page.addInitScript(
        "window.WebSocket = class { constructor() { setTimeout(() => this.onclose(), 0); } close() {} };");
    page.navigate(chromium.address("/login?token=operator"));
    page.waitForSelector(".connection.live");
    page.waitForCondition(() -> page.locator(".alert").count() == 6);
    String id = chromium.city().raise("CVS-ENV-0002", "630105", Grade.RED, 3);
    page.waitForSelector(
        "[data-alert='" + id + "']", new Page.WaitForSelectorOptions().setTimeout(1_000));
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void aClickOnADistrictFilters() {
    Page page = wall("zh", 1920, 1080, "operator");
    page.locator("[data-region='630103']").click();
    page.waitForCondition(() -> page.locator(".alert").count() == 2);
    chromium.picture(page, "district");
    page.keyboard().press("Escape");
    page.waitForCondition(() -> page.locator(".alert").count() == 6);
    assertThat(chromium.problems()).isEmpty();
  }

  @ParameterizedTest(name = "{0} {1}x{2}")
  @CsvSource({"zh,1920,1080", "en,3840,2160"})
  void anIndicatorShowsItsHistory(String language, int width, int height) {
    Page page = wall(language, width, height, "operator");
    page.locator("[data-code='CVS-TRF-0001']").click();
    page.waitForSelector("#history canvas");
    assertThat(page.locator(".definition pre").innerText()).contains("TIME_FLOOR");
    page.mouse().move(width * 0.4, height * 0.5);
    chromium.picture(page, "history-%s-%d".formatted(language, height));
    page.locator(".ranges button").first().click();
    page.waitForSelector(".ranges button:first-child.current");
    page.locator(".historyHead select").selectOption("630103");
    page.waitForSelector("#history canvas");
    chromium.picture(page, "history-district-%s-%d".formatted(language, height));
    page.keyboard().press("Escape");
    page.waitForSelector(
        "#history", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.HIDDEN));
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void languageAndSoundSwitchByKeyAndTheLanguageIsRemembered() {
    Page page = wall("zh", 1920, 1080, "operator");
    page.keyboard().press("m");
    page.waitForSelector(".sound.on");
    page.keyboard().press("l");
    page.waitForCondition(() -> page.locator(".brand h1").innerText().contains("Xining"));
    assertThat(page.evaluate("() => localStorage.getItem('chengmai.language')")).isEqualTo("en");
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void theStartIsShownUntilTheServersAreReady() {
    chromium.replace(new DemoCity(false));
    Page page = chromium.page("zh", 1920, 1080);
    page.navigate(chromium.address("/login?token=operator"));
    page.waitForSelector("#start li.up");
    chromium.picture(page, "start");
    chromium.city().becomeReady();
    page.waitForSelector(".connection.live");
    assertThat(page.locator("#start").isHidden()).isTrue();
    assertThat(chromium.problems()).isEmpty();
  }

  @Test
  void whoIsNotLoggedInIsAskedForAToken() {
    Page page = chromium.page("zh", 1920, 1080);
    page.navigate(chromium.address("/"));
    page.waitForURL(chromium.address("/login.html"));
    page.locator("input").fill("wrong");
    page.locator("button").click();
    page.waitForCondition(() -> page.locator(".error").innerText().contains("令牌无效"));
    chromium.picture(page, "login");
    page.locator("input").fill("operator");
    page.locator("button").click();
    page.waitForSelector(".connection.live");
    assertThat(chromium.problems()).allMatch(problem -> problem.contains("401"));
  }

  private Page wall(String language, int width, int height, String token) {
    Page page = chromium.page(language, width, height);
    page.navigate(chromium.address("/login?token=" + token));
    page.waitForSelector(".connection.live");
    page.waitForCondition(
        () -> page.locator(".alert").count() == 6 && page.locator(".tile").count() > 0);
    return page;
  }

  private AlertState state(String id) {
    return chromium.city().find(id).state();
  }

  /**
   * Texts wider or higher than their box, other than those that end in an ellipsis or two lines on
   * purpose.
   */
  private static List<?> clipped(Page page) {
    Locator texts =
        page.locator(
            "h1, h2, .value, .unit, .trust, .age, .count b, .count span, button, .state, .time,"
                + " .where, .tile .name, .inputs");
    return (List<?>)
        texts.evaluateAll(
            "nodes => nodes.filter(n => n.offsetParent && ((n.scrollWidth > n.clientWidth + 1 ||"
                + " n.matches('.name') && n.scrollHeight > n.clientHeight + innerWidth / 240) &&"
                + " n.clientWidth > 0 || n.getBoundingClientRect().right >"
                + " n.parentElement.getBoundingClientRect().right + 1)).map(n => n.className + ': '"
                + " + n.textContent)");
  }
}
