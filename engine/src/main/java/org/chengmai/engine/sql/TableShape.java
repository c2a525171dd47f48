package org.chengmai.engine.sql;

import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A table or view of the catalogue. Immutable.
 *
 * @param kind BASE TABLE, VIEW or SYSTEM VIEW
 * @param shape its columns with their exact types
 */
public record TableShape(String library, String name, String kind, Schema shape) {}
