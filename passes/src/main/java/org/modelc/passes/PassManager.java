package org.modelc.passes;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.kernel.KernelProgram;

/**
 * Runs passes one after another: checks that what a pass requires has been established, verifies
 * its result, times it and tells a listener. An error names the pass and carries a reproducer.
 */
public final class PassManager {
  /** Told after each pass. */
  @FunctionalInterface
  public interface Listener {
    /** A listener that does nothing. */
    Listener NONE = report -> {};

    void ran(PassReport report);
  }

  private final Target target;
  private final Listener listener;
  private final Set<Stage> established = EnumSet.noneOf(Stage.class);
  private final List<String> done = new ArrayList<>();

  public PassManager(Target target, Listener listener) {
    this.target = target;
    this.listener = listener;
  }

  /** Runs graph passes in order. */
  public Graph run(List<? extends GraphPass> passes, Graph graph) {
    Graph current = graph;
    for (GraphPass pass : passes) {
      Graph before = current;
      current = step(pass, before, () -> pass.run(before, target), ProgramChecks::check);
    }
    return current;
  }

  /** Lowers a graph and runs kernel passes in order. */
  public KernelProgram lower(Graph graph, List<? extends KernelPass> passes) {
    KernelProgram current =
        step(LOWER, graph, () -> Lower.lower(graph, target), ProgramChecks::check);
    for (KernelPass pass : passes) {
      KernelProgram before = current;
      current = step(pass, before, () -> pass.run(before, target), ProgramChecks::check);
    }
    return current;
  }

  /** Splits off what depends on parameters alone. */
  HoistPreparation.Split split(Graph graph) {
    HoistPreparation.Split[] split = new HoistPreparation.Split[1];
    step(
        HOIST,
        graph,
        () -> {
          split[0] = HoistPreparation.split(graph);
          return split[0].main();
        },
        ProgramChecks::check);
    if (split[0].prepare() != null) {
      ProgramChecks.check(split[0].prepare());
    }
    return split[0];
  }

  /** A step that is no pass from one program to one of its kind. */
  private record Transition(String name, Set<Stage> requires, Set<Stage> establishes)
      implements Pass {}

  private static final Pass LOWER =
      new Transition("lower", Set.of(Stage.COMPOSITES_EXPANDED), Set.of(Stage.LOWERED));

  private static final Pass HOIST =
      new Transition(
          "hoist-preparation", Set.of(Stage.COMPOSITES_EXPANDED), Set.of(Stage.PREPARED));

  private interface Work<T> {
    T run();
  }

  private interface Check<T> {
    void check(T program);
  }

  private <T> T step(Pass pass, Object before, Work<T> work, Check<T> check) {
    if (!established.containsAll(pass.requires())) {
      throw new IllegalStateException(
          pass.name() + " requires " + pass.requires() + ", established are " + established);
    }
    long start = System.nanoTime();
    T after;
    try {
      after = work.run();
      check.check(after);
    } catch (RuntimeException e) {
      throw new PassException(pass.name(), done, before, e);
    }
    long nanos = System.nanoTime() - start;
    done.add(pass.name());
    established.addAll(pass.establishes());
    listener.ran(new PassReport(pass.name(), nanos, before, after));
    return after;
  }
}
