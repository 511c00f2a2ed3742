package org.modelc.runtime.train;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Program;
import org.modelc.runtime.RowFunction;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.spec.RecipeSpec;

/** Runs the training program on batches. */
final class StepRunner {
  /** The input that averages the loss; every other input is data. */
  static final String WEIGHT = "example_weight";

  private final Frame frame;
  private final RecipeSpec recipe;
  private final List<String> names;
  private final int[] inputs;
  private final int weight;
  private final String rowsDim;
  private final List<String> norms = new ArrayList<>();
  private final Map<String, Integer> scalars = new HashMap<>();

  /**
   * A runner.
   *
   * @param examples the inputs in the order of the examples' arrays
   */
  StepRunner(Frame frame, RecipeSpec recipe, List<String> inputs) {
    this.frame = frame;
    this.recipe = recipe;
    this.names = inputs;
    Program program = frame.program();
    this.inputs = new int[inputs.size()];
    for (int i = 0; i < this.inputs.length; i++) {
      this.inputs[i] = program.position(inputs.get(i));
    }
    this.weight = program.find(WEIGHT);
    this.rowsDim = new RowFunction(program).rows();
    for (int position : program.positions(Role.OUTPUT)) {
      Buffer buffer = program.abi().buffers().get(position);
      scalars.put(buffer.name(), position);
      if (buffer.name().startsWith("gradient_norm")) {
        norms.add(buffer.name());
      }
    }
  }

  /** Runs one step. */
  void run(BatchLoader.Batch batch, long step, double[] rates) {
    run(frame, batch, step, rates);
  }

  /** Runs the step's checking variant, which takes the same, and gives its answer. */
  int firstNonFinite(Frame check, BatchLoader.Batch batch, long step, double[] rates) {
    run(check, batch, step, rates);
    return ((int[]) check.array("first"))[0];
  }

  private void run(Frame target, BatchLoader.Batch batch, long step, double[] rates) {
    Program program = target.program();
    for (int i = 0; i < inputs.length; i++) {
      target.bind(target == frame ? inputs[i] : program.position(names.get(i)), batch.arrays[i]);
    }
    int weights = target == frame ? weight : program.find(WEIGHT);
    if (weights >= 0) {
      target.bind(weights, batch.weights);
    }
    target.dim(rowsDim, batch.rows.length);
    for (int i = 0; i < rates.length; i++) {
      target.control(i == 0 ? "rate" : "rate." + (i + 1), rates[i]);
    }
    target.control("step", step);
    target.control("seed", recipe.seed());
    target.run();
  }

  /** The last step's loss, the sum over the recipe's minimizes. */
  double loss() {
    double sum = scalar("loss");
    for (int i = 2; i <= recipe.minimize().size(); i++) {
      sum += scalar("loss." + i);
    }
    return sum;
  }

  /** Whether the last step's losses and gradients were finite, so that it changed parameters. */
  boolean finite() {
    return scalar("finite") != 0;
  }

  /** Names of the gradient norms that the program gives. */
  List<String> norms() {
    return norms;
  }

  /** A scalar output of the last step. */
  double scalar(String output) {
    return Array.getDouble(frame.array(scalars.get(output)), 0);
  }
}
