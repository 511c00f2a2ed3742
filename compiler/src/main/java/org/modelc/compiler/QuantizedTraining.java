package org.modelc.compiler;

import java.util.List;
import java.util.Map;
import org.modelc.compiler.compress.Compression;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.type.TensorType;
import org.modelc.passes.TrainingStep;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.train.TrainingListener;

/**
 * Trains frozen programs, whose batch norms are folded and whose weights are rounded at each use,
 * by the model's recipe and to its teacher's answers.
 */
final class QuantizedTraining implements Compression.Learning {
  private final Compilation model;
  private final ModelPruning.Retraining retraining;
  private final Distillation teacher;

  /**
   * @param teacher whom the training listens to; null without one
   */
  QuantizedTraining(Compilation model, ModelPruning.Retraining retraining, Distillation teacher) {
    this.model = model;
    this.retraining = retraining;
    this.teacher = teacher;
  }

  @Override
  public Map<String, Tensor> train(
      List<Graph> programs, Map<String, Tensor> from, int epochs, TrainingListener listener) {
    Compilation learning = model.over(programs, List.of(zeros(from), step(programs)), from);
    return retraining.train(ModelPruning.during(epochs, learning), from, listener);
  }

  private Graph step(List<Graph> programs) {
    Graph loss =
        programs.stream()
            .filter(program -> program.name().equals(Compression.LOSS))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no program " + Compression.LOSS));
    Graph heard = teacher == null ? loss : teacher.listening(loss, programs);
    TrainingStep.Minimize minimize =
        new TrainingStep.Minimize(heard, model.recipe().minimize().get(0));
    return TrainingStep.build("train", List.of(minimize), true, new Diagnostics());
  }

  /** First values, which those of the trained model replace before the first step. */
  private static Graph zeros(Map<String, Tensor> tensors) {
    GraphBuilder builder = new GraphBuilder("init");
    tensors.forEach(
        (name, tensor) -> {
          List<Dim> shape = tensor.shape().stream().map(Dim::constant).toList();
          TensorType type = TensorType.of(tensor.dtype(), shape);
          builder.input(name, Role.PARAMETER, type);
          builder.update(name, Constant.full(builder, tensor.dtype(), shape, 0));
        });
    return builder.build();
  }
}
