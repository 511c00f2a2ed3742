package org.modelc.runtime.train;

import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.RowFunction;
import org.modelc.runtime.RowInputs;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.RecipeSpec;

/** What the trainer reads off the training program's contract and the recipe. */
final class StepPrograms {
  private StepPrograms() {}

  static ProgramAbi abi(List<ProgramAbi> abis, ModelManifest manifest, String name) {
    for (ProgramAbi abi : abis) {
      if (abi.name().equals(name)) {
        return abi;
      }
    }
    throw new TrainingException(
        "model " + manifest.name() + " has no program `" + name + "`",
        "it was built without training");
  }

  /** The inputs that come from rows: all but the weight. */
  static List<RowInputs.Input> dataInputs(RowFunction train) {
    List<RowInputs.Input> inputs = new ArrayList<>();
    for (RowInputs.Input input : train.inputs()) {
      if (!input.name().equals(StepRunner.WEIGHT)) {
        inputs.add(input);
      }
    }
    return inputs;
  }

  static List<String> names(List<RowInputs.Input> inputs) {
    List<String> names = new ArrayList<>();
    for (RowInputs.Input input : inputs) {
      names.add(input.name());
    }
    return names;
  }

  /** The learning rate of each minimize at a step. */
  static double[] rates(RecipeSpec recipe, long step, int stepsPerEpoch) {
    double[] rates = new double[recipe.minimize().size()];
    for (int i = 0; i < rates.length; i++) {
      long total = (long) stepsPerEpoch * recipe.epochs();
      rates[i] = Schedules.rate(recipe.minimize().get(i).rate(), step, stepsPerEpoch, total);
    }
    return rates;
  }
}
