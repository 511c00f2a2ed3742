package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.ir.diagnostic.Diagnostic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code modelc check FILE…}. */
@Command(
    name = "check",
    description = "Parses and type-checks model files; needs no data.",
    footer = {"", "Example: modelc check models/digits/digits.model"})
final class CheckCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Model files.")
  private List<Path> files;

  private final Terminal terminal;

  CheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    List<Diagnostic> found = new ArrayList<>();
    for (Path file : files) {
      found.addAll(Compiler.check(ModelSource.read(file)));
    }
    found.forEach(terminal::show);
    boolean failed = found.stream().anyMatch(Diagnostic::isError);
    if (common.json) {
      terminal.result(JsonText.line(json(found)));
    } else if (!failed) {
      terminal.say(
          files.size() == 1 ? files.get(0) + ": no errors" : files.size() + " files: no errors");
    }
    return (failed ? ExitCode.USER_ERROR : ExitCode.SUCCESS).number();
  }

  /** The object that {@code check --json} promises to scripts. */
  static ObjectNode json(List<Diagnostic> found) {
    ObjectNode result = JsonText.object();
    ArrayNode list = result.putArray("diagnostics");
    found.forEach(each -> list.add(json(each)));
    return result;
  }

  private static ObjectNode json(Diagnostic each) {
    boolean placed = !each.span().isNone();
    ObjectNode entry = JsonText.object();
    entry.put("code", each.code().code());
    entry.put("severity", each.severity().label());
    entry.put("file", placed ? each.span().file() : null);
    entry.put("line", placed ? each.span().line() : 0);
    entry.put("column", placed ? each.span().column() : 0);
    entry.put("message", each.message());
    entry.put("hint", each.hint().orElse(null));
    return entry;
  }

  /** The same object for a mistake that stands in no model file. */
  static ObjectNode json(String message, String hint) {
    ObjectNode result = JsonText.object();
    ObjectNode entry = result.putArray("diagnostics").addObject();
    entry.putNull("code");
    entry.put("severity", "error");
    entry.putNull("file");
    entry.put("line", 0);
    entry.put("column", 0);
    entry.put("message", message);
    entry.put("hint", hint.isEmpty() ? null : hint);
    return result;
  }
}
