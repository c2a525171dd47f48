package org.chengmai.engine.replay;

import java.nio.file.Path;

/**
 * What a replay is started with.
 *
 * @param home distribution folder
 * @param folder data folder of the engine
 * @param data folder of the public data sets
 * @param port of the page; 0 for a free one
 */
public record ReplaySettings(Path home, Path folder, Path data, int port) {}
