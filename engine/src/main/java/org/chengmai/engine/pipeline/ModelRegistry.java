package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * Keeps trained models in PostgreSQL and from which record of the topic each is in force. Safe for
 * use by several threads.
 */
public final class ModelRegistry {
  private static final String COLUMNS =
      "SELECT name, code, version, provenance, bytes, trained_at, active_from_offset FROM chengmai.model ";
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

  /** Saves a model; it waits until the detectors take it over. */
  public void save(
      String name, String code, int version, ModelTrainer.Trained trained, Instant trainedAt) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "INSERT INTO chengmai.model (name, code, version, provenance, bytes, trained_at) VALUES (?, ?, ?, ?, ?, ?)",
                name,
                code,
                version,
                trained.provenance(),
                trained.bytes(),
                trainedAt));
  }

  /** Every version of every model, oldest first. */
  public List<StoredModel> list() {
    return jdbi.withHandle(
        handle -> handle.createQuery(COLUMNS + "ORDER BY name, code, version").map(MODEL).list());
  }

  public Optional<StoredModel> load(String name, String code, int version) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(COLUMNS + "WHERE name = :name AND code = :code AND version = :version")
                .bind("name", name)
                .bind("code", code)
                .bind("version", version)
                .map(MODEL)
                .findOne());
  }

  /** The model of a kind and an indicator that was saved last. */
  public Optional<StoredModel> newest(String name, String code) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    COLUMNS + "WHERE name = :name AND code = :code ORDER BY version DESC LIMIT 1")
                .bind("name", name)
                .bind("code", code)
                .map(MODEL)
                .findOne());
  }

  /** When the newest model of a kind and an indicator was trained. */
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
                    COLUMNS
                        + "WHERE active_from_offset IS NOT NULL ORDER BY active_from_offset, version")
                .map(MODEL)
                .list());
  }

  /** Whether a model waits to be put in force. */
  boolean isOneWaiting() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT EXISTS (SELECT FROM chengmai.model WHERE active_from_offset IS NULL)")
                .mapTo(Boolean.class)
                .one());
  }

  /** Puts the waiting models in force from a record on; answers them. */
  List<StoredModel> activate(long offset) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "UPDATE chengmai.model SET active_from_offset = :offset WHERE active_from_offset IS NULL"
                        + " RETURNING name, code, version, provenance, bytes, trained_at, active_from_offset")
                .bind("offset", offset)
                .map(MODEL)
                .stream()
                .sorted(Comparator.comparingInt(StoredModel::version))
                .toList());
  }

  /** The topic was made anew: what was in force is so from its first record on. */
  void restart() {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE chengmai.model SET active_from_offset = 0 WHERE active_from_offset IS NOT NULL"));
  }
}
