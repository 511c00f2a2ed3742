package org.modelc.codegen.llvm.schedule;

import java.util.List;
import java.util.Optional;

/** What can be chosen for one product, on one target. */
public interface ProductChoices {
  /** What the cost model chooses. */
  ProductSchedule model();

  /**
   * Schedules worth a try that differ from a given one in one knob, and in what the cost model
   * makes follow from it; none if the knob does not matter to this product.
   */
  List<ProductSchedule> variations(ProductKnob knob, ProductSchedule from);

  /** Why the product cannot run so, if it cannot. */
  Optional<String> mistake(ProductSchedule schedule);
}
