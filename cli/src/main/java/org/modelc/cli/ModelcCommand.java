package org.modelc.cli;

import picocli.CommandLine.Command;

/** The root command; says what there is when it is called alone. */
@Command(
    name = "modelc",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Compiles a .model file to a small jar whose class predicts and trains.",
    footer = {
      "",
      "Example: modelc train models/digits/digits.model",
      "Help: modelc COMMAND --help"
    },
    subcommands = {
      InitCommand.class,
      CheckCommand.class,
      TrainCommand.class,
      BuildCommand.class,
      EvalCommand.class,
      PredictCommand.class,
      InspectCommand.class,
      BenchCommand.class,
      ExportCommand.class,
      SignCommand.class,
      VerifyCommand.class
    })
final class ModelcCommand {}
