package org.chengmai.engine.bench;

/** An engine that runs City-Fed's queries, in a process of its own. Not thread-safe. */
interface Contender extends AutoCloseable {
  String name();

  /**
   * Runs a query.
   *
   * @param run makes the text new, so that no plan is found in a cache
   */
  SqlWorker.Outcome run(CityFed.Query query, int run);

  /** The process whose CPU and memory are the engine's; 0 when it has ended. */
  long pid();

  @Override
  void close();
}
