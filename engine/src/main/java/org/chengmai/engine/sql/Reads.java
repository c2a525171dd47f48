package org.chengmai.engine.sql;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;

/**
 * What a step of a plan reads. Immutable.
 *
 * @param steps the earlier steps whose rows or keys it takes, by name
 * @param tables of its source, with their library and a dot before their names
 */
record Reads(Set<String> steps, Set<String> tables) {
  Reads {
    steps = Collections.unmodifiableSortedSet(new TreeSet<>(steps));
    tables = Collections.unmodifiableSortedSet(new TreeSet<>(tables));
  }

  static Reads of(RelNode rel) {
    Set<String> steps = new HashSet<>();
    Set<String> tables = new HashSet<>();
    collect(rel, steps, tables);
    return new Reads(steps, tables);
  }

  /** Only one step's rows. */
  static Reads step(String name) {
    return new Reads(Set.of(name), Set.of());
  }

  private static void collect(RelNode rel, Set<String> steps, Set<String> tables) {
    if (rel instanceof FragmentScan scan) {
      steps.add(scan.name());
    } else if (rel instanceof TableScan scan) {
      List<String> name = scan.getTable().getQualifiedName();
      tables.add(FreshSnapshots.isSnapshot(scan) ? name.get(1) : String.join(".", name));
    }
    rel.getInputs().forEach(input -> collect(input, steps, tables));
  }
}
