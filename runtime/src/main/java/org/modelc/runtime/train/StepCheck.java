package org.modelc.runtime.train;

import java.util.Map;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Tensor;

/**
 * A training step's program in a variant that looks at each value: run on the batch of a bad step
 * it says which value became NaN or infinite first. The compiler has it; a jar does without.
 */
public interface StepCheck {
  /**
   * A frame of the checking program: it takes what {@code train} takes and gives {@code first:
   * i32[]}.
   *
   * @param tensors parameters, states, optimiser buffers and constants as the step found them
   */
  Frame frame(Map<String, Tensor> tensors);

  /**
   * Says in words what was found.
   *
   * @param first the program's answer
   * @return the value and its place; empty if every value was finite
   */
  String tell(int first);
}
