package org.modelc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.ModelTraining;
import org.modelc.compiler.TrainOptions;
import org.modelc.compiler.TrainedModel;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.train.TrainingOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code modelc train FILE}. */
@Command(
    name = "train",
    description =
        "Trains the model of a file and writes a jar and a report. Fails if a requirement of the file is"
            + " not met; jar and report are written all the same.",
    footer = {
      "",
      "Ctrl-C saves a checkpoint beside the jar; go on from it with --resume.",
      "Example: modelc train models/digits/digits.model"
    })
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "FILE", description = "The model file.")
  private Path file;

  @Mixin private OutputOptions output;

  @Mixin private PublishingOptions publishing;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "At most N epochs, in place of the recipe's.")
  private Integer epochs;

  @Option(names = "--seed", paramLabel = "N", description = "The seed, in place of the recipe's.")
  private Long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "At most N threads; 0 for all processors. The result is the same for any number.")
  private Integer threads;

  @Option(names = "--resume", description = "Go on from the checkpoint beside the jar.")
  private boolean resume;

  @Option(
      names = "--log-every",
      paramLabel = "N",
      description = "Write the running loss every N steps.")
  private Integer logEvery;

  private final Terminal terminal;

  TrainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Options.atLeast(command, "--epochs", epochs, 1);
    Options.atLeast(command, "--threads", threads, 0);
    Options.atLeast(command, "--log-every", logEvery, 1);
    output.checkUsage();
    ModelSource source = ModelSource.read(file);
    output.requireWritable();
    publishing.check();
    Compiler.warmUp();
    Path checkpoint = output.checkpoint(source);
    TrainOptions options = options(checkpoint);
    TrainedModel trained = train(source, options);
    if (trained.isCancelled()) {
      return ExitCode.INTERRUPTED.number();
    }
    return finish(trained, checkpoint);
  }

  @SuppressWarnings(
      "try") // the interruption is felt, not used; the bar ends before words follow it
  private TrainedModel train(ModelSource source, TrainOptions options) {
    try (TrainingProgress progress = new TrainingProgress(terminal)) {
      ModelTraining training = new ModelTraining(source, options, progress);
      try (Interruption interruption = Interruption.of(training::cancel)) {
        TrainedModel trained = training.run();
        progress.close();
        if (trained.isCancelled()) {
          Path checkpoint = options.execution().checkpoint();
          terminal.say("interrupted; state saved in " + checkpoint + ", go on with --resume");
        }
        return trained;
      }
    }
  }

  private TrainOptions options(Path checkpoint) {
    CompileOptions compile = output.compileOptions();
    TrainOptions options =
        TrainOptions.defaults()
            .withCompile(compile)
            .withEpochs(epochs == null ? 0 : epochs)
            .withExecution(
                TrainingOptions.defaults()
                    .withCheckpoint(checkpoint, resume)
                    .withLogEvery(logEvery == null ? 0 : logEvery)
                    .withThreads(threads == null ? 0 : threads));
    return seed == null ? options : options.withSeed(seed);
  }

  /** Hours of training are not lost to a disk that is full. */
  private void write(TrainingSummary summary, ModelJar published, Path checkpoint) {
    try {
      summary.write(published, output.bundlesRuntime());
    } catch (ModelcException unwritable) {
      throw new ModelcException(
          unwritable.getMessage(),
          unwritable.hint() + "; " + rescued(summary, published, checkpoint));
    }
  }

  private String rescued(TrainingSummary summary, ModelJar published, Path checkpoint) {
    if (Files.exists(checkpoint)) {
      return "what was learned: state saved in " + checkpoint + ", go on with --resume";
    }
    try {
      Path folder = Files.createTempDirectory("modelc-");
      try {
        return "the jar was written to " + summary.writeJar(published, folder);
      } catch (ModelcException full) {
        Files.delete(folder);
      }
    } catch (IOException nowhere) {
      // Told below.
    }
    return "nothing could be written elsewhere either";
  }

  private int finish(TrainedModel trained, Path checkpoint) throws IOException {
    TrainingSummary summary =
        new TrainingSummary(trained, output.jar(trained), output.report(trained));
    write(summary, publishing.published(trained.jar()), checkpoint);
    Files.deleteIfExists(checkpoint);
    if (common.json) {
      terminal.result(JsonText.line(summary.json()));
    } else {
      summary.lines().forEach(terminal::say);
    }
    return (trained.meetsRequirements() ? ExitCode.SUCCESS : ExitCode.USER_ERROR).number();
  }
}
