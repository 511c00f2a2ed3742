package org.modelc.runtime.train;

import java.util.List;
import java.util.Map;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.DataSplits;
import org.modelc.runtime.spec.ModelManifest;

/**
 * What to train on what.
 *
 * @param manifest the model: its recipe, fitted inputs, labels, functions and programs, among them
 *     {@code init}, {@code train}, {@code evaluate} and those of the measured functions
 * @param code gives the code of each program
 * @param data the rows
 * @param constants what the programs read besides and training leaves as it is, by name
 * @param rules what must hold of targets, such as a range
 * @param fingerprint stands for what the manifest does not say (the model's source); a checkpoint
 *     of another fingerprint is refused
 */
public record TrainingPlan(
    ModelManifest manifest,
    ProgramSet.Code code,
    DataSplits data,
    Map<String, Tensor> constants,
    List<TargetRule> rules,
    String fingerprint) {
  public TrainingPlan {
    constants = Map.copyOf(constants);
    rules = List.copyOf(rules);
  }

  /** A plan of programs without constants. */
  public TrainingPlan(
      ModelManifest manifest,
      ProgramSet.Code code,
      DataSplits data,
      List<TargetRule> rules,
      String fingerprint) {
    this(manifest, code, data, Map.of(), rules, fingerprint);
  }

  /**
   * A range that each value of a loss's input must lie in.
   *
   * @param input the input's name
   * @param minimum the least value allowed
   * @param maximum the largest value allowed
   * @param reason who needs it: {@code binary_cross_entropy takes targets from 0 to 1}
   */
  public record TargetRule(String input, double minimum, double maximum, String reason) {}
}
