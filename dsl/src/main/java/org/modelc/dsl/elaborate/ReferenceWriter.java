package org.modelc.dsl.elaborate;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.ModelFile;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.op.RecordShape;

/** Writes docs/reference.md from what the language really has: library, operators, codes. */
public final class ReferenceWriter {
  private final StringBuilder out = new StringBuilder();

  private ReferenceWriter() {}

  /** The whole page, in Markdown. */
  public static String write() {
    ReferenceWriter writer = new ReferenceWriter();
    writer.out.append(
        "# Reference\n\nMade from the standard library, the op registry and the list of");
    writer.out.append(" codes; [language.md](language.md) explains the language.\n");
    writer.library();
    writer.intrinsics();
    writer.operators();
    writer.codes();
    return writer.out.toString();
  }

  private void library() {
    out.append("\n## Standard library\n\nWritten in the language itself.\n");
    for (ModelFile file : StandardLibrary.files()) {
      String name = file.source().name().replaceAll(".*/|\\.model$", "");
      out.append("\n### ").append(name).append("\n\n| | |\n|---|---|\n");
      file.layers().forEach(layer -> layer(file, layer));
      file.functions().forEach(function -> function(file, function));
    }
  }

  private void layer(ModelFile file, Declaration.Layer layer) {
    row(signature(file, layer.span(), layer.body().span()), layer.documentation());
  }

  private void function(ModelFile file, Declaration.Function function) {
    row(signature(file, function.span(), function.body().span()), function.documentation());
  }

  private static String signature(ModelFile file, SourceSpan whole, SourceSpan body) {
    String text = file.source().text().substring(whole.start(), body.start()).strip();
    String line = text.replaceAll("\\s+", " ");
    return line.endsWith("=") ? line.substring(0, line.length() - 1).strip() : line;
  }

  private void row(String code, String text) {
    String line = text.replace('\n', ' ').replace("|", "\\|");
    out.append("| `").append(code.replace("|", "\\|")).append("` | ").append(line).append(" |\n");
  }

  private void intrinsics() {
    out.append(
        "\n## Functions of the language\n\nOn static values, dims and lists.\n\n| | |\n|---|---|\n");
    for (Intrinsic intrinsic : Intrinsic.values()) {
      row(
          intrinsic.text() + "(" + String.join(", ", intrinsic.parameters()) + ")",
          intrinsic.doc());
    }
  }

  private void operators() {
    out.append(
        "\n## Operators\n\nTensors come first, settings after them, all by position or by name.");
    out.append(" Reductions take `over:` or `keep:`.\n\n| | |\n|---|---|\n");
    for (OpDef<?> op : OpRegistry.all()) {
      row(op.name() + "(" + String.join(", ", arguments(op)) + ")", op.doc() + settings(op));
    }
  }

  private static List<String> arguments(OpDef<?> op) {
    List<String> arguments = new ArrayList<>();
    for (String operand : op.operandNames()) {
      if (!op.isRandom()) {
        arguments.add(operand.endsWith("*") ? operand.replace("*", "…") : operand);
      }
    }
    for (RecordComponent component : settingsOf(op)) {
      Attribute attribute = component.getAnnotation(Attribute.class);
      boolean required = attribute == null || attribute.value().equals(Attribute.REQUIRED);
      arguments.add(component.getName() + (required ? "" : ": " + attribute.value()));
    }
    return arguments;
  }

  private static List<RecordComponent> settingsOf(OpDef<?> op) {
    return RecordShape.of(op.attributesType()).components().stream()
        .filter(component -> !component.getName().equals("site"))
        .toList();
  }

  private static String settings(OpDef<?> op) {
    String text =
        settingsOf(op).stream()
            .filter(component -> component.getAnnotation(Attribute.class) != null)
            .map(each -> "`" + each.getName() + "`: " + each.getAnnotation(Attribute.class).doc())
            .collect(Collectors.joining("; "));
    return text.isEmpty() ? "" : ". " + text;
  }

  private void codes() {
    out.append("\n## Diagnostics\n\n| code | what | what to do |\n|---|---|---|\n");
    for (DiagnosticCode code : DiagnosticCode.values()) {
      out.append("| ").append(code.code()).append(" | ").append(code.title()).append(" | ");
      out.append(code.explanation().replace("|", "\\|")).append(" |\n");
    }
  }
}
