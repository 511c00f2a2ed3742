package org.modelc.codegen.llvm.gemm;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.llvm.emit.JoinOfParts;
import org.modelc.codegen.llvm.emit.KernelFunction;
import org.modelc.codegen.llvm.emit.Phase;
import org.modelc.codegen.llvm.emit.ProgramWriter;
import org.modelc.codegen.llvm.emit.Template;
import org.modelc.codegen.llvm.schedule.ProductKnob;
import org.modelc.codegen.llvm.schedule.ProductSchedule;
import org.modelc.codegen.llvm.schedule.ProductSchedules;
import org.modelc.codegen.llvm.schedule.ScheduledProduct;
import org.modelc.ir.kernel.CollapsedNest;
import org.modelc.ir.kernel.LoopNest;

/**
 * Matrix products by register tiles over packed panels (Goto and van de Geijn, Anatomy of
 * High-Performance Matrix Multiplication, 2008), with any expressions around them: factors are
 * computed while they are packed, results where a tile is stored.
 */
public final class ContractionTemplate implements Template {
  private final ProductSchedules schedules;

  /**
   * @param schedules used before the cost model's
   */
  public ContractionTemplate(ProductSchedules schedules) {
    this.schedules = schedules;
  }

  @Override
  public List<Phase> phases(LoopNest nest, ProgramWriter program) {
    Contraction product = Contraction.of(CollapsedNest.of(nest));
    if (product == null) {
      return null;
    }
    JoinOfParts split = SplitDepth.of(product, program);
    if (split == null) {
      return List.of(phase(product, nest, program));
    }
    Contraction parts = Contraction.of(CollapsedNest.of(split.parts()));
    return List.of(phase(parts, split.parts(), program), program.loops(split.whole()));
  }

  private Phase phase(Contraction product, LoopNest nest, ProgramWriter program) {
    KernelFunction function = program.function();
    ScheduledProduct scheduled =
        schedules.of(
            ProductFingerprint.of(product),
            function.target().level(),
            ProductCosts.of(product, function.target()));
    new ProductWriter(product, function, scheduled.schedule()).write();
    return program.phase(nest, function, told(product, scheduled)).of(scheduled);
  }

  /** How it is computed; knobs are told where the cost model did not choose them. */
  private static List<String> told(Contraction product, ScheduledProduct scheduled) {
    List<String> told = new ArrayList<>(product.schedule("contraction"));
    ProductSchedule model = scheduled.choices().model();
    for (ProductKnob knob : ProductKnob.values()) {
      int value = scheduled.schedule().value(knob);
      if (value != model.value(knob)) {
        told.add(knob.text() + " " + value + " for " + model.value(knob));
      }
    }
    return told;
  }
}
