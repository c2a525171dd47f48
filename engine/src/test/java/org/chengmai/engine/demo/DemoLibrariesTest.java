package org.chengmai.engine.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemoLibrariesTest {
  @Test
  void checkCharactersOfSocialCreditCodesAreRight() {
    // Vectors: remainder 0 and remainder 1 of the outer check, where a widely copied bug sits.
    assertThat(DemoLibraries.socialCreditCode("630102", 49)).isEqualTo("91630102MA00004960");
    assertThat(DemoLibraries.socialCreditCode("630102", 12)).isEqualTo("91630102MA000012XY");
  }
}
