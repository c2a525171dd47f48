package org.chengmai.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.druid.DruidConfig;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.config.LibraryConfig;
import org.chengmai.engine.config.TrinoConfig;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.TrinoCluster;
import org.chengmai.engine.sql.ViewFile;
import org.chengmai.indicators.region.City;

/** The base and topic libraries and the engine's own records under one SQL. */
public final class Libraries implements AutoCloseable {
  private static final String DRUID = "druid";

  private final SqlEngine sql;
  private final BufferAllocator allocator;

  Libraries(
      EngineConfig config,
      EngineOptions options,
      ServerSet servers,
      List<LibraryConfig> departments,
      City city) {
    Path work = options.folder().resolve("work");
    List<Source> sources = new ArrayList<>();
    sources.add(
        new DruidConfig(servers.druidBroker(), servers.druidCoordinator())
            .open(DRUID, work.resolve(DRUID)));
    List<LibraryConfig> all = new ArrayList<>(departments);
    all.add(
        LibraryConfig.jdbc(
            EngineConfig.OPERATIONS,
            servers.postgresUrl(),
            servers.postgresUser(),
            servers.postgresPassword(),
            EngineConfig.OPERATIONS));
    all.addAll(config.libraries());
    for (LibraryConfig library : all) {
      sources.add(
          library.open(
              options.base(),
              work,
              options.folder().resolve("drivers"),
              config.limits().duckdbMemory()));
    }
    this.sql =
        new SqlEngine(
            sources,
            views(config, options, city),
            config.limits().sql(),
            execution(config, work, options.folder().resolve("drivers")),
            work.resolve("spill"),
            options.clock());
    this.allocator = sql.newAllocator("http", 128L << 20);
    if (!config.snapshots().isEmpty()) {
      sql.takeSnapshots(config.snapshots(), options.folder().resolve("snapshots"));
    }
  }

  private static List<ViewFile> views(EngineConfig config, EngineOptions options, City city) {
    List<ViewFile> views = new ArrayList<>();
    views.add(Catalogues.domains(Catalogues.indicators(options.base(), config, city, null)));
    views.addAll(Catalogues.views(options.base(), config.views()));
    return views;
  }

  private static Execution execution(EngineConfig config, Path work, Path drivers) {
    TrinoConfig trino = config.trino();
    return trino == null || config.execution() == EngineConfig.Computing.FEDERATED
        ? Execution.FEDERATED
        : new TrinoCluster(trino.open(work.resolve("trino"), drivers), trino.catalogs());
  }

  public SqlEngine sql() {
    return sql;
  }

  /** Memory for Arrow answers over HTTP. */
  BufferAllocator allocator() {
    return allocator;
  }

  @Override
  public void close() {
    sql.close();
  }
}
