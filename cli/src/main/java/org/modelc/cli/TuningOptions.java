package org.modelc.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.modelc.compiler.Backend;
import org.modelc.compiler.Compilation;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.TuneOptions;
import org.modelc.compiler.schedule.ScheduleFile;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether and how schedules are tuned before a build. */
final class TuningOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--tune",
      paramLabel = "FILE",
      description =
          "Time schedules of the model's matrix products on this machine, write those that are faster"
              + " than the cost model's, and build with them. --schedules takes the file from then on.")
  Path file;

  @Option(
      names = "--tune-dims",
      paramLabel = "DIM=N,…",
      split = ",",
      description = "What dynamic dims are while timing, such as B=1,T=128 (default: 32 each).")
  Map<String, Integer> dims = new LinkedHashMap<>();

  @Option(
      names = "--tune-seconds",
      paramLabel = "N",
      description = "Try no more after N seconds (default: 120).")
  int seconds = TuneOptions.defaults().seconds();

  boolean isAsked() {
    return file != null;
  }

  /** Finds out before any work whether what is asked for fits together. */
  void check(OutputOptions output) {
    if (!isAsked() && (!dims.isEmpty() || seconds != TuneOptions.defaults().seconds())) {
      throw new ParameterException(
          command.commandLine(), "--tune-dims and --tune-seconds need --tune FILE");
    }
    if (isAsked() && output.schedules != null) {
      throw new ParameterException(
          command.commandLine(), "--tune writes schedules, --schedules reads them: give one");
    }
    Options.atLeast(command, "--tune-seconds", seconds, 1);
    dims.forEach((dim, value) -> Options.atLeast(command, "--tune-dims " + dim, value, 1));
    if (isAsked() && output.backend != Backend.NATIVE) {
      throw new ParameterException(
          command.commandLine(), "--tune is for native code: add --backend native");
    }
    if (isAsked()) {
      // Better now than after a minute of work.
      ScheduleFile.NONE.write(file);
    }
  }

  /** Tunes, writes the file and gives what is in it. */
  ScheduleFile tuned(ModelSource source, CompileOptions options, Terminal terminal) {
    Compilation compilation = Compiler.compile(source, options);
    TuneOptions how = new TuneOptions(dims, TuneOptions.defaults().otherDims(), seconds);
    try (SearchProgress progress =
        new SearchProgress(terminal, terminal.isInteractive(), "knobs")) {
      ScheduleFile found = Compiler.tune(compilation, how, progress::trying);
      found.write(file);
      return found;
    }
  }
}
