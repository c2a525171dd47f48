package org.chengmai.engine.sql;

import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Calcite's trimmer of unused columns, which also passes barriers. Used for one query; called by
 * Calcite by reflection, hence public.
 */
public class BarrierTrimmer extends RelFieldTrimmer {
  BarrierTrimmer(RelBuilder builder) {
    super(null, builder);
  }

  public TrimResult trimFields(
      SecureBarrier barrier, ImmutableBitSet used, Set<RelDataTypeField> extra) {
    TrimResult input = trimChild(barrier, barrier.getInput(), used, extra);
    return result(barrier.copy(barrier.getTraitSet(), List.of(input.left)), input.right);
  }
}
