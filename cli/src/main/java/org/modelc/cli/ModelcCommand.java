package org.modelc.cli;

import java.util.List;
import picocli.CommandLine;
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
    })
final class ModelcCommand {
  private static final List<Class<?>> COMMANDS =
      List.of(
          InitCommand.class,
          CheckCommand.class,
          TrainCommand.class,
          BuildCommand.class,
          CompressCommand.class,
          EvalCommand.class,
          PredictCommand.class,
          InspectCommand.class,
          BenchCommand.class,
          ExportCommand.class,
          SignCommand.class,
          VerifyCommand.class);

  /**
   * The command line that reads some arguments. It has the one command that they name, or all where
   * they name none: reading every command's annotations costs more than checking a model.
   */
  static CommandLine reading(String[] arguments, Terminal terminal) {
    CommandFactory factory = new CommandFactory(terminal);
    CommandLine line = new CommandLine(new ModelcCommand(), factory);
    List<Class<?>> named =
        COMMANDS.stream()
            .filter(each -> arguments.length > 0 && name(each).equals(arguments[0]))
            .toList();
    for (Class<?> command : named.isEmpty() ? COMMANDS : named) {
      line.addSubcommand(new CommandLine(command, factory));
    }
    return line;
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }
}
