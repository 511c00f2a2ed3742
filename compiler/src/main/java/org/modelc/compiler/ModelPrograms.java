package org.modelc.compiler;

import java.util.ArrayList;
import java.util.List;
import org.modelc.compiler.program.ClassNames;
import org.modelc.compiler.program.ProgramCompiler;
import org.modelc.compiler.program.ProgramStages;
import org.modelc.dsl.elaborate.ElaboratedFunction;
import org.modelc.dsl.elaborate.ElaboratedModel;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.graph.Graph;
import org.modelc.passes.TrainingStep;
import org.modelc.runtime.spec.RecipeSpec;
import org.modelc.runtime.spec.RecipeSpec.MinimizeSpec;

/** Which programs a model has: its exported functions, and what its recipe needs. */
final class ModelPrograms {
  private final ElaboratedModel model;
  private final RecipeSpec recipe;
  private final Diagnostics diagnostics;

  /**
   * @param recipe null for a model that is not trained
   * @param diagnostics gets warnings of the training step
   */
  ModelPrograms(ElaboratedModel model, RecipeSpec recipe, Diagnostics diagnostics) {
    this.model = model;
    this.recipe = recipe;
    this.diagnostics = diagnostics;
  }

  /**
   * @param names what generated classes are called
   * @param backend what runs the programs
   */
  List<ProgramStages> compile(ClassNames names, Backend backend) {
    ProgramCompiler compiler = new ProgramCompiler(names, backend);
    for (ElaboratedFunction function : model.functions()) {
      if (function.exported()) {
        compiler.inference(function.inference());
      }
    }
    compiler.training(named("init", model.init()));
    if (recipe != null && !recipe.minimize().isEmpty()) {
      compiler.inference(loss("evaluate", function(recipe.minimize().get(0)).inference()));
      compiler.training(trainingStep());
    }
    return compiler.programs();
  }

  /** The graph of one training step, before any pass. */
  private Graph trainingStep() {
    List<TrainingStep.Minimize> minimizes = new ArrayList<>();
    for (MinimizeSpec spec : recipe.minimize()) {
      Graph training = loss(spec.loss(), function(spec).training());
      minimizes.add(new TrainingStep.Minimize(training, spec));
    }
    return TrainingStep.build("train", minimizes, true, diagnostics);
  }

  private ElaboratedFunction function(MinimizeSpec spec) {
    return model
        .function(spec.loss())
        .orElseThrow(() -> new IllegalStateException("no loss function " + spec.loss()));
  }

  private static Graph named(String name, Graph graph) {
    return new Graph(name, graph.inputs(), graph.nodes(), graph.outputs(), graph.bounds());
  }

  /** A loss's one result is called {@code loss}, whatever the function is called. */
  private static Graph loss(String name, Graph graph) {
    List<Graph.Output> outputs =
        graph.outputs().stream()
            .map(
                output ->
                    output.updates() == null
                        ? new Graph.Output("loss", output.value(), null)
                        : output)
            .toList();
    return new Graph(name, graph.inputs(), graph.nodes(), outputs, graph.bounds());
  }
}
