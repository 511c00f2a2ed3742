package org.modelc.benchmarks.contest;

import com.google.auto.service.AutoService;

/** Our own with parameters of f32, beside which compressed programs stand. */
@AutoService(Engine.class)
public final class UncompressedEngine implements Engine {
  /** The name in the output. */
  static final String NAME = "modelc-f32";

  private final ModelcEngine engine = new ModelcEngine();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean runs(Workload workload) {
    return workload.isCompressed();
  }

  @Override
  public Prepared prepare(Workload workload, Materials materials, int threads) {
    return engine.prepare(workload.uncompressed(), materials, threads);
  }
}
