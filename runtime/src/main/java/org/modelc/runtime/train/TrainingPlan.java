package org.modelc.runtime.train;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;

/**
 * What to train on what.
 *
 * @param manifest the model: its recipe, fitted inputs, labels, functions and programs, among them
 *     {@code init}, {@code train}, {@code evaluate} and those of the measured functions
 * @param code gives the code of each program
 * @param data the rows
 * @param constants what the programs read besides and training leaves as it is, by name
 * @param fingerprint stands for what the manifest does not say (the model's source); a checkpoint
 *     of another fingerprint is refused
 */
public record TrainingPlan(
    ModelManifest manifest,
    ProgramSet.Code code,
    DataSplits data,
    Map<String, Tensor> constants,
    String fingerprint) {
  public TrainingPlan {
    constants = Map.copyOf(constants);
  }

  /** How the plan's programs are called. */
  List<ProgramAbi> abis() {
    return code.abis(manifest);
  }

  /** A plan of programs without constants. */
  public TrainingPlan(
      ModelManifest manifest, ProgramSet.Code code, DataSplits data, String fingerprint) {
    this(manifest, code, data, Map.of(), fingerprint);
  }
}
