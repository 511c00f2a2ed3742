package org.modelc.passes;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.kernel.KernelProgram;

/**
 * Runs passes one after another: checks that what a pass requires has been established, verifies its
 * result, times it and tells a listener. An error names the pass and carries a reproducer.
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
      current =
          step(pass, before, Graph.class, () -> pass.run(before, target), ProgramChecks::check);
    }
    return current;
  }

  /** Lowers a graph and runs kernel passes in order. */
  public KernelProgram lower(Graph graph, List<? extends KernelPass> passes) {
    KernelProgram current =
        step(LOWER, graph, KernelProgram.class, () -> Lower.lower(graph), ProgramChecks::check);
    for (KernelPass pass : passes) {
      KernelProgram before = current;
      current =
          step(
              pass,
              before,
              KernelProgram.class,
              () -> pass.run(before, target),
              ProgramChecks::check);
    }
    return current;
  }

  private static final Pass LOWER =
      new Pass() {
        @Override
        public String name() {
          return "lower";
        }

        @Override
        public Set<Stage> requires() {
          return Set.of(Stage.COMPOSITES_EXPANDED);
        }

        @Override
        public Set<Stage> establishes() {
          return Set.of(Stage.LOWERED);
        }
      };

  private interface Work<T> {
    T run();
  }

  private interface Check<T> {
    void check(T program);
  }

  private <T> T step(Pass pass, Object before, Class<T> kind, Work<T> work, Check<T> check) {
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
