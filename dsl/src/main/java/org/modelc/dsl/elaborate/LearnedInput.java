package org.modelc.dsl.elaborate;

import java.util.List;
import org.modelc.runtime.spec.DType;

/**
 * What fitting found out about a model's {@code input}.
 *
 * @param dtype its element type
 * @param rowShape the shape of one row's tensor, without the batch dim
 */
public record LearnedInput(DType dtype, List<Integer> rowShape) {
  /** Copies the list. */
  public LearnedInput {
    rowShape = List.copyOf(rowShape);
  }
}
