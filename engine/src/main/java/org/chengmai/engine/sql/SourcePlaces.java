package org.chengmai.engine.sql;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.chengmai.connectors.Source;

/**
 * Who may ask which source how often at a time. Safe for use by several threads.
 *
 * <p>A query takes what it needs of one source in one step, and of several sources in the order of
 * their names, before it asks the first. So no two queries wait for each other. A query with more
 * questions than its source has connections is crowded there: it takes one, and reads each answer
 * to its end before it asks for the next.
 */
final class SourcePlaces {
  private final Map<String, Source> sources;
  private final Map<String, Places> places = new ConcurrentHashMap<>();

  /**
   * @param sources by library
   */
  SourcePlaces(Map<String, Source> sources) {
    this.sources = sources;
  }

  /** The places of one query; closing gives back those that are left. */
  final class Reservation implements AutoCloseable {
    private final Map<String, List<Plan.Question>> questions;
    private final Map<String, Places.Turn> turns = new ConcurrentHashMap<>();

    private Reservation(Map<String, List<Plan.Question>> questions) {
      this.questions = questions;
    }

    /** Whether answers of this library must be read one after the other. */
    boolean isCrowded(String library) {
      return questions.getOrDefault(library, List.of()).size() > available(library);
    }

    /** How many connections an answer of this library may use that would like so many. */
    int connections(String library, int wanted) {
      return wanted(library) > available(library) ? 1 : wanted;
    }

    private int available(String library) {
      Source source = sources.get(library);
      return source == null ? Integer.MAX_VALUE : source.connections();
    }

    private int wanted(String library) {
      return questions.getOrDefault(library, List.of()).stream()
          .mapToInt(Plan.Question::connections)
          .sum();
    }

    /** What is taken in one step. */
    private int places(String library) {
      return isCrowded(library)
          ? 1
          : wanted(library) > available(library)
              ? questions.getOrDefault(library, List.of()).size()
              : wanted(library);
    }

    /**
     * One answer was read to its end.
     *
     * @param wanted the connections that it would have liked
     */
    void release(String library, int wanted) {
      Places.Turn turn = turns.get(library);
      if (turn != null && !isCrowded(library)) {
        turn.release(connections(library, wanted));
      }
    }

    @Override
    public void close() {
      turns.values().forEach(Places.Turn::close);
    }
  }

  /** Waits for all that a query needs; throws when the query ends meanwhile. */
  Reservation reserve(String user, List<Plan.Question> questions, Ending ending) {
    Reservation reservation =
        new Reservation(
            questions.stream()
                .collect(
                    Collectors.groupingBy(
                        Plan.Question::library, TreeMap::new, Collectors.toList())));
    try {
      reservation
          .questions
          .keySet()
          .forEach(
              library -> {
                Source source = sources.get(library);
                if (source != null && source.connections() < Integer.MAX_VALUE) {
                  Places.Turn turn =
                      places
                          .computeIfAbsent(
                              library,
                              name -> new Places(source.connections(), source.connections()))
                          .request(user, reservation.places(library));
                  reservation.turns.put(library, turn);
                  ending.await(turn.entered());
                }
              });
      return reservation;
    } catch (RuntimeException e) {
      reservation.close();
      throw e;
    }
  }
}
