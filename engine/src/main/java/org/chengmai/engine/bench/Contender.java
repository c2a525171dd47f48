package org.chengmai.engine.bench;

/** An engine that runs City-Fed's queries, in a process of its own. Not thread-safe. */
interface Contender extends AutoCloseable {
  /** Runs of a query before the timed ones, so that a JVM has compiled what a server runs hot. */
  int WARM_UPS = 3;

  String name();

  /** How many of {@link #WARM_UPS} it needs. */
  default int warmUps() {
    return WARM_UPS;
  }

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
