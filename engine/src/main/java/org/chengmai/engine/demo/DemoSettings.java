package org.chengmai.engine.demo;

import java.nio.file.Path;

/**
 * How a demo is run.
 *
 * @param home distribution folder
 * @param folder data folder
 * @param port of the page, 0 for a free one
 * @param speed of the city's clock once its past is loaded
 */
public record DemoSettings(
    Path home, Path folder, int port, double speed, long seed, boolean withMariaDb) {}
