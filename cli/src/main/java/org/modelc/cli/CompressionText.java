package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.modelc.compiler.compress.CompressionTable;
import org.modelc.compiler.compress.CompressionTable.Quantity;
import org.modelc.compiler.compress.StoredParameter;

/** A compression as tables for people, or as an object for scripts. */
final class CompressionText {
  private CompressionText() {}

  /** The model before and after, then a line a parameter that is stored otherwise. */
  static List<String> lines(CompressionTable compressed) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT, "%-24s %14s %14s %8s", "compression", "before", "after", "ratio"));
    for (Quantity each : compressed.quantities()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-24s %14s %14s %8.3f",
              each.name(),
              MetricsText.text(each.before()),
              MetricsText.text(each.after()),
              each.after() / each.before()));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%-32s %-20s %-6s %10s %10s %7s %8s %8s  %s",
            "parameter",
            "shape",
            "stored",
            "bytes",
            "before",
            "zeros",
            "error",
            "lost",
            "multiplied with (error)"));
    for (StoredParameter each : compressed.parameters()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-32s %-20s %-6s %,10d %,10d %6.1f%% %7.2f%% %8s  %s%s",
              each.name(),
              each.shape(),
              each.stored(),
              each.bytesAfter(),
              each.bytesBefore(),
              100 * each.zeros(),
              100 * each.weightError(),
              Double.isNaN(each.sensitivity())
                  ? ""
                  : String.format(Locale.ROOT, "%.4f", each.sensitivity()),
              each.input(),
              Double.isNaN(each.inputError())
                  ? ""
                  : String.format(Locale.ROOT, " (%.2f%%)", 100 * each.inputError())));
    }
    return lines;
  }

  static ObjectNode json(CompressionTable compressed) {
    ObjectNode result = JsonText.object();
    ObjectNode quantities = result.putObject("quantities");
    for (Quantity each : compressed.quantities()) {
      quantities.putObject(each.name()).put("before", each.before()).put("after", each.after());
    }
    ObjectNode parameters = result.putObject("parameters");
    for (StoredParameter each : compressed.parameters()) {
      ObjectNode line = parameters.putObject(each.name());
      line.put("stored", each.stored()).put("shape", each.shape());
      line.put("bytes_before", each.bytesBefore()).put("bytes_after", each.bytesAfter());
      line.put("zeros", each.zeros())
          .put("weight_error", each.weightError())
          .put("input", each.input());
      if (!Double.isNaN(each.sensitivity())) {
        line.put("sensitivity", each.sensitivity());
      }
      if (!Double.isNaN(each.inputError())) {
        line.put("input_error", each.inputError());
      }
    }
    return result;
  }
}
