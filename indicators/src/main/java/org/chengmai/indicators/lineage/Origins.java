package org.chengmai.indicators.lineage;

import java.util.Map;
import java.util.Set;

/**
 * What a query reads, one level down: columns of tables, and of views as if they were tables.
 *
 * @param outputs what each column of the result is computed from, by its name
 * @param filters what decides which rows count
 * @param joins what rows are joined by
 * @param groups what rows are taken together, told apart or cut off by
 */
public record Origins(
    Map<String, Set<Column>> outputs, Set<Column> filters, Set<Column> joins, Set<Column> groups) {}
