package org.chengmai.engine.pipeline;

import java.util.function.Supplier;
import org.chengmai.indicators.IndicatorStore;

final class MemoryStoreTest extends IndicatorStoreContract {
  private final MemoryStore store = new MemoryStore();

  @Override
  IndicatorStore store() {
    return store;
  }

  @Override
  <T> T await(Supplier<T> question, T answer) {
    return question.get();
  }
}
