package org.modelc.dsl.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.dsl.ast.Argument;
import org.modelc.dsl.ast.DataSentence.Definition;
import org.modelc.dsl.ast.Expression;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.runtime.spec.DataSpec.SourceSpec;

/** {@code rows = csv("credit.csv", separator: ";")}. */
final class SourceElaboration {
  static final List<String> BINDINGS = List.of("rows", "train", "validation", "test");

  private final Settings settings;

  SourceElaboration(Settings settings) {
    this.settings = settings;
  }

  /** Whether a definition is meant to be a source: by its name or by what it calls. */
  static boolean isSource(Definition definition) {
    boolean reads =
        definition.value() instanceof Expression.Call
            && Settings.calledName(definition.value())
                .filter(Vocabulary.readers()::containsKey)
                .isPresent();
    return reads || BINDINGS.contains(definition.name().text());
  }

  /** The source; null, with a diagnostic, if it is none. */
  SourceSpec source(Definition definition) {
    String binding = definition.name().text();
    if (!BINDINGS.contains(binding)) {
      settings.unknown(
          DiagnosticCode.UNKNOWN_SETTING, definition.name().span(), "source", binding, BINDINGS);
      return null;
    }
    String format = Settings.calledName(definition.value()).orElse("");
    Vocabulary.Entry reader = Vocabulary.readers().get(format);
    if (reader == null) {
      settings.unknown(
          DiagnosticCode.UNKNOWN_NAME,
          definition.value().span(),
          "data format",
          format,
          Vocabulary.readers().keySet());
      return null;
    }
    Map<String, String> paths = new LinkedHashMap<>();
    Map<String, Object> options = new LinkedHashMap<>();
    int position = 0;
    boolean right = true;
    for (Argument argument : Settings.arguments(definition.value())) {
      String name =
          argument.name().isPresent()
              ? argument.name().get().text()
              : position < reader.positional().size() ? reader.positional().get(position++) : "";
      right &= add(format, reader, name, argument, paths, options);
    }
    if (paths.isEmpty() && !right) {
      return null;
    }
    if (paths.isEmpty()) {
      settings
          .diagnostics()
          .add(
              DiagnosticCode.MISSING_ARGUMENT,
              definition.value().span(),
              format + " names no file",
              "write " + format + "(" + example(reader) + ")");
      return null;
    }
    return new SourceSpec(binding, format, paths, options);
  }

  private static String example(Vocabulary.Entry reader) {
    return reader.positional().size() == 1 ? "\"file\"" : "images: \"file\", labels: \"file\"";
  }

  /** Puts an argument where it belongs; false, with a diagnostic, if it belongs nowhere. */
  private boolean add(
      String format,
      Vocabulary.Entry reader,
      String name,
      Argument argument,
      Map<String, String> paths,
      Map<String, Object> options) {
    boolean path = reader.positional().contains(name);
    if (!path && !reader.options().contains(name)) {
      settings.unknown(
          DiagnosticCode.UNKNOWN_ARGUMENT,
          argument.span(),
          format + " setting",
          name,
          reader.options());
      return false;
    }
    if (paths.containsKey(name) || options.containsKey(name)) {
      settings
          .diagnostics()
          .add(DiagnosticCode.DUPLICATE_ARGUMENT, argument.span(), "`" + name + "` is given twice");
      return false;
    }
    Object value = settings.value(argument.value());
    if (value == null) {
      return false;
    }
    if (!path) {
      options.put(name, value);
      return true;
    }
    if (argument.value() instanceof Expression.TextLiteral) {
      paths.put(name, (String) value);
      return true;
    }
    settings
        .diagnostics()
        .add(
            DiagnosticCode.BAD_SETTING,
            argument.value().span(),
            "a file is named by a text",
            "write it in quotes");
    return false;
  }
}
