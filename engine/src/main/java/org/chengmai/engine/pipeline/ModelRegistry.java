package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/**
 * Keeps trained models in PostgreSQL, which of them is the champion, and from which record of the
 * topic each came into force. Safe for use by several threads.
 */
public final class ModelRegistry {
  private static final String SWAPPED =
      "SELECT m.name, m.code, m.version, m.provenance, m.bytes, m.trained_at, s.active_from_offset"
          + " FROM chengmai.model_swap s JOIN chengmai.model m USING (name, code, version) ";
  private static final RowMapper<StoredModel> MODEL =
      (row, context) ->
          new StoredModel(
              row.getString(1),
              row.getString(2),
              row.getInt(3),
              row.getString(4),
              row.getBytes(5),
              row.getTimestamp(6).toInstant(),
              row.getObject(7, Long.class));

  private final Jdbi jdbi;

  public ModelRegistry(DataSource database) {
    this.jdbi = Jdbi.create(database);
  }

  /** The version that the next model of a kind and an indicator gets. */
  public int nextVersion(String name, String code) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT coalesce(max(version), 0) + 1 FROM chengmai.model WHERE name = :name AND code = :code")
                .bind("name", name)
                .bind("code", code)
                .mapTo(Integer.class)
                .one());
  }

  /** Saves a model that has nothing to beat. */
  public void save(
      String name, String code, int version, ModelTrainer.Trained trained, Instant trainedAt) {
    save(name, code, version, trained, trainedAt, Verdict.first());
  }

  /**
   * Saves a model with how it was judged; one that is accepted waits until the detectors take it
   * over.
   */
  public void save(
      String name,
      String code,
      int version,
      ModelTrainer.Trained trained,
      Instant trainedAt,
      Verdict verdict) {
    jdbi.useTransaction(
        handle -> {
          handle.execute(
              "INSERT INTO chengmai.model (name, code, version, provenance, bytes, trained_at, verdict) VALUES (?, ?, ?, ?, ?, ?, ?)",
              name,
              code,
              version,
              trained.provenance(),
              trained.bytes(),
              trainedAt,
              Json.write(verdict));
          if (verdict.isAccepted()) {
            swap(handle, name, code, version, trainedAt, "refit", verdict.reason());
          }
        });
  }

  /**
   * Puts an earlier version back in force; it stays so until a challenger beats it.
   *
   * @param version null for the one that was in force before
   * @return the version that is in force now
   * @throws ChengmaiException NOT_FOUND when there is none
   */
  public int rollBack(
      String name, String code, @Nullable Integer version, String by, String reason, Instant at) {
    return jdbi.inTransaction(
        handle -> {
          int chosen =
              handle
                  .createQuery(
                      version == null
                          ? "SELECT version FROM chengmai.model_swap WHERE name = :name AND code = :code AND version !="
                              + " (SELECT version FROM chengmai.model_swap WHERE name = :name AND code = :code ORDER BY id DESC LIMIT 1)"
                              + " ORDER BY id DESC LIMIT 1"
                          : "SELECT version FROM chengmai.model WHERE name = :name AND code = :code AND version = :version")
                  .bind("name", name)
                  .bind("code", code)
                  .bindMap(version == null ? Map.of() : Map.of("version", version))
                  .mapTo(Integer.class)
                  .findOne()
                  .orElseThrow(
                      () ->
                          new ChengmaiException(
                              ErrorCode.NOT_FOUND,
                              version == null
                                  ? "%s of %s has no earlier version in force".formatted(name, code)
                                  : "%s of %s has no version %d".formatted(name, code, version)));
          swap(handle, name, code, chosen, at, by, reason);
          return chosen;
        });
  }

  private static void swap(
      Handle handle, String name, String code, int version, Instant at, String by, String reason) {
    handle.execute(
        "INSERT INTO chengmai.model_swap (name, code, version, decided_at, decided_by, reason) VALUES (?, ?, ?, ?, ?, ?)",
        name,
        code,
        version,
        at,
        by,
        reason);
  }

  /** Every version of the models of a code, or of all, newest first, with what became of it. */
  public List<ModelCard> cards(@Nullable String code) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT m.name, m.code, m.version, m.trained_at, m.provenance, m.verdict, s.decided_by, s.reason, s.decided_at,"
                        + " s.id IS NOT NULL AND s.id = (SELECT max(id) FROM chengmai.model_swap x WHERE x.name = m.name AND x.code = m.code)"
                        + " FROM chengmai.model m LEFT JOIN LATERAL (SELECT * FROM chengmai.model_swap x WHERE x.name = m.name AND x.code = m.code"
                        + " AND x.version = m.version ORDER BY id DESC LIMIT 1) s ON true"
                        + " WHERE CAST(:code AS text) IS NULL OR m.code = :code ORDER BY m.code, m.name, m.version DESC")
                .bind("code", code)
                .map(
                    (row, context) ->
                        new ModelCard(
                            row.getString(1),
                            row.getString(2),
                            row.getInt(3),
                            row.getString(7) == null
                                ? ModelCard.State.REJECTED
                                : row.getBoolean(10)
                                    ? ModelCard.State.CHAMPION
                                    : ModelCard.State.RETIRED,
                            row.getTimestamp(4).toInstant(),
                            row.getString(5),
                            row.getString(6),
                            row.getString(7),
                            row.getString(8),
                            row.getTimestamp(9) == null ? null : row.getTimestamp(9).toInstant()))
                .list());
  }

  /** The model in force, or waiting for the detectors to take it over. */
  public Optional<StoredModel> champion(String name, String code) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    SWAPPED + "WHERE s.name = :name AND s.code = :code ORDER BY s.id DESC LIMIT 1")
                .bind("name", name)
                .bind("code", code)
                .map(MODEL)
                .findOne());
  }

  /** When the newest model of a kind and an indicator was trained, accepted or not. */
  public Optional<Instant> trainedAt(String name, String code) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT trained_at FROM chengmai.model WHERE name = :name AND code = :code ORDER BY version DESC LIMIT 1")
                .bind("name", name)
                .bind("code", code)
                .mapTo(Instant.class)
                .findOne());
  }

  /** Models that ever came into force, in the order in which they did. */
  public List<StoredModel> activated() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    SWAPPED
                        + "WHERE s.active_from_offset IS NOT NULL ORDER BY s.active_from_offset, s.id")
                .map(MODEL)
                .list());
  }

  /** Whether a model waits to be put in force. */
  boolean isOneWaiting() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT EXISTS (SELECT FROM chengmai.model_swap WHERE active_from_offset IS NULL)")
                .mapTo(Boolean.class)
                .one());
  }

  /** Puts the waiting models in force from a record on; answers them. */
  List<StoredModel> activate(long offset) {
    return jdbi.inTransaction(
        handle -> {
          List<Long> ids =
              handle
                  .createQuery(
                      "UPDATE chengmai.model_swap SET active_from_offset = :offset WHERE active_from_offset IS NULL RETURNING id")
                  .bind("offset", offset)
                  .mapTo(Long.class)
                  .list();
          return ids.isEmpty()
              ? List.<StoredModel>of()
              : handle
                  .createQuery(SWAPPED + "WHERE s.id IN (<ids>) ORDER BY s.id")
                  .bindList("ids", ids)
                  .map(MODEL)
                  .list();
        });
  }

  /** The topic was made anew: what was in force is so from its first record on. */
  void restart() {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE chengmai.model_swap SET active_from_offset = 0 WHERE active_from_offset IS NOT NULL"));
  }
}
