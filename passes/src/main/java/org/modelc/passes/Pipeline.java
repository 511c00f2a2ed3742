package org.modelc.passes;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.passes.fuse.CompareMagnitudes;
import org.modelc.passes.fuse.Fuse;
import org.modelc.passes.fuse.SplitReductions;
import org.modelc.passes.memory.PlanMemory;
import org.modelc.passes.simplify.Simplify;

/**
 * The passes in their order, and nothing else decides it.
 *
 * @param graph passes over the graph
 * @param preparing whether what depends on parameters alone is split off into a program of its own
 * @param kernels passes over kernels, after lowering
 */
public record Pipeline(List<GraphPass> graph, boolean preparing, List<KernelPass> kernels) {
  private static final List<KernelPass> KERNELS =
      List.of(new Fuse(), new SplitReductions(), new CompareMagnitudes(), new PlanMemory());

  /** For training steps, {@code init} and every program that updates what it reads. */
  public static final Pipeline TRAINING =
      new Pipeline(
          List.of(
              new ExpandComposites(),
              new Simplify(),
              new ConstantFold(),
              new Simplify(),
              new PlacedPools(),
              new Cse(),
              new Dce()),
          false,
          KERNELS);

  /** For programs that read parameters and leave them as they are. */
  public static final Pipeline INFERENCE =
      new Pipeline(
          List.of(
              new ExpandComposites(),
              new Simplify(),
              new ConstantFold(),
              new FoldBatchNorm(),
              new IntegerProducts(),
              new Simplify(),
              new Cse(),
              new Dce()),
          true,
          KERNELS);

  public Pipeline {
    graph = List.copyOf(graph);
    kernels = List.copyOf(kernels);
  }

  /**
   * Compiles a graph to kernels with their memory plan.
   *
   * @return the program; for inference after its {@code prepare} program, if it needs one
   */
  public List<KernelProgram> compile(Graph program, Target target, PassManager.Listener listener) {
    PassManager manager = new PassManager(target, listener);
    Graph optimised = manager.run(graph, program);
    if (!preparing) {
      return List.of(manager.lower(optimised, kernels));
    }
    HoistPreparation.Split split = manager.split(optimised);
    List<KernelProgram> programs = new ArrayList<>();
    if (split.prepare() != null) {
      programs.add(manager.lower(split.prepare(), kernels));
    }
    programs.add(manager.lower(split.main(), kernels));
    return programs;
  }
}
