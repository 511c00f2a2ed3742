package org.modelc.conformance.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.modelc.compiler.Backend;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.TrainOptions;
import org.modelc.compiler.TrainedModel;
import org.modelc.data.Readers;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.dsl.recipe.FileSpecs;
import org.modelc.dsl.recipe.RecipeElaboration;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.runtime.data.DataPreparation;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.data.Splitter;
import org.modelc.runtime.spec.DataSpec;
import org.modelc.runtime.spec.InputSpec;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.runtime.train.TrainingOptions;

/** The project's models, found from wherever the tests run. */
final class Models {
  private Models() {}

  /** The folder {@code models}. */
  static Path folder() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("models/digits"))) {
      here = here.getParent();
    }
    return here.resolve("models");
  }

  static ModelSource source(String name) {
    return ModelSource.read(folder().resolve(name).resolve(name + ".model"));
  }

  /**
   * Training by bytecode, whose bits are the same on every machine: what a model reaches does not
   * depend on the processor that a test meets. Nor do they on threads: one, since other tests have
   * the other processors.
   */
  static TrainOptions bytecode() {
    return TrainOptions.defaults()
        .withCompile(CompileOptions.defaults().withBackend(Backend.JVM))
        .withExecution(TrainingOptions.defaults().withThreads(1));
  }

  /** Trains as {@code modelc train --backend jvm} does and prints what came of it. */
  static TrainedModel train(String name) {
    return train(source(name), bytecode());
  }

  static TrainedModel train(ModelSource source, TrainOptions options) {
    TrainedModel trained = Compiler.train(source, options, TrainingListener.SILENT);
    System.out.println(
        source.text().name()
            + ": "
            + trained.metrics()
            + " folds "
            + trained.folds()
            + " requirements "
            + trained.requirements()
            + " seconds "
            + trained.seconds());
    return trained;
  }

  /** Trains and holds the model to its own requirements. */
  static TrainedModel meetsItsRequirements(String name) {
    TrainedModel trained = train(name);
    assertThat(trained.requirements()).isNotEmpty().allMatch(requirement -> requirement.met());
    return trained;
  }

  /** The specs of a model's file. */
  static FileSpecs specs(ModelSource source) {
    return RecipeElaboration.of(SourceParser.parse(source.text()).file(), new Diagnostics());
  }

  /** An input as a model's text would declare it. */
  static InputSpec input(String expression) {
    String text = "model Opponent { input features = " + expression + " }";
    FileSpecs specs = specs(ModelSource.of("opponent.model", text, folder()));
    return specs.inputsOf("Opponent").get(0);
  }

  /**
   * The rows that cross-validation divides, and the folds it divides them into.
   *
   * @param rows all rows
   * @param folds row numbers by fold
   */
  record Folds(Dataset rows, List<int[]> folds) {
    static Folds of(ModelSource source) {
      FileSpecs specs = specs(source);
      DataSpec data = specs.data().get(0);
      Dataset rows =
          DataPreparation.prepare(data, Readers.openAll(data, source.folder(), new ArrayList<>()))
              .train();
      int count = specs.recipes().get(0).folds();
      long seed = data.split().seed();
      return new Folds(
          rows,
          data.split().by() == null
              ? Splitter.folds(rows.size(), count, seed)
              : Splitter.stratifiedFolds(rows, data.split().by(), count, seed));
    }
  }
}
