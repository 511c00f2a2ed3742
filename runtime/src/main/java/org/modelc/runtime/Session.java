package org.modelc.runtime;

import java.util.HashMap;
import java.util.Map;
import org.modelc.runtime.workers.Cohort;

/**
 * The memory of calls to a model's programs, for one thread at a time. A session holds no
 * resources: there is nothing to close.
 */
public final class Session {
  private final Model model;
  private final Cohort cohort;
  private final Map<String, Frame> frames = new HashMap<>();

  Session(Model model) {
    this.model = model;
    this.cohort = new Cohort(model.executor(), model.threads());
  }

  public Model model() {
    return model;
  }

  /** The frame of a program, made at its first use. */
  public Frame frame(String program) {
    Frame frame = frames.get(program);
    if (frame == null) {
      frame = model.programs().frame(program, cohort);
      frames.put(program, frame);
    }
    return frame;
  }
}
