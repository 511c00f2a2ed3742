package org.modelc.compiler;

import java.util.List;
import java.util.Map;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.compiler.report.ReportData;
import org.modelc.runtime.Safetensors;
import org.modelc.runtime.train.TrainingResult;

/**
 * What a training gave.
 *
 * @param compilation what was trained
 * @param training epochs and why it ended
 * @param metrics by rows ({@code test}, {@code validation}) and measure; cross-validation's means
 *     stand as {@code test} where no rows were kept for a test
 * @param baselines the best constant predictor's value of the same
 * @param folds values of each fold by measure; empty without cross-validation
 * @param requirements what had to hold, of the compressed model last
 * @param compressed the model after its compress block, which is what the jar holds; null without
 *     such a block
 * @param warnings what the user should know
 * @param report everything the report page shows
 * @param jar the jar, in memory
 * @param seconds time of {@code compile} and {@code train}
 */
public record TrainedModel(
    Compilation compilation,
    TrainingResult training,
    Map<String, Map<String, Double>> metrics,
    Map<String, Map<String, Double>> baselines,
    Map<String, List<Double>> folds,
    List<ReportData.Requirement> requirements,
    CompressedModel compressed,
    List<String> warnings,
    ReportData report,
    ModelJar jar,
    Map<String, Double> seconds) {
  /** The model's name. */
  public String name() {
    return compilation.model().name();
  }

  /** Whether every requirement is met. */
  public boolean meetsRequirements() {
    return requirements.stream().allMatch(ReportData.Requirement::met);
  }

  /** Whether it was stopped before its end; then jar and metrics are of what had been learned. */
  public boolean isCancelled() {
    return training.outcome() == TrainingResult.Outcome.CANCELLED;
  }

  /** Parameters and states as they were learned, before any compression, with what data taught. */
  public Safetensors uncompressed() {
    String learned = Compiler.learned(compilation.manifest()).encode();
    return new Safetensors(training.tensors(), Map.of(LearnedState.METADATA, learned));
  }
}
