package org.modelc.testkit.ptx;

/** A decoded instruction, executed for some lanes of a warp at once. */
abstract class Operation {
  private final PtxInstruction source;
  private final int guard;
  private final boolean negated;

  Operation(PtxInstruction source, Operands operands) {
    this.source = source;
    this.guard = source.guard() == null ? -1 : operands.predicate(source.guard());
    this.negated = source.negated();
  }

  /** Executes for lanes whose guard is true. */
  abstract void run(Warp warp, int lanes);

  /** Executes and goes on to the next instruction. */
  void step(Warp warp) {
    int lanes = guarded(warp);
    warp.count(lanes);
    if (lanes != 0) {
      run(warp, lanes);
    }
    warp.proceed();
  }

  /** Those of the running lanes whose guard is true. */
  final int guarded(Warp warp) {
    if (guard < 0) {
      return warp.running();
    }
    warp.requirePredicate(guard, warp.running());
    int value = warp.predicates[guard];
    return warp.running() & (negated ? ~value : value);
  }

  final PtxInstruction source() {
    return source;
  }
}
