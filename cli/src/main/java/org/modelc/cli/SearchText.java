package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.modelc.compiler.CompressionSearch;
import org.modelc.compiler.CompressionSearch.Candidate;
import org.modelc.compiler.CompressionSearch.Skipped;

/** A search for ways to compress as a table for people, or as an object for scripts. */
final class SearchText {
  private SearchText() {}

  /** A line a way, those on the front with a star. */
  static List<String> lines(CompressionSearch search) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "front %12s %12s %12s %11s  %s",
            search.measure(),
            "jar",
            "parameters",
            "latency",
            "compressed by (measured on " + search.part() + " rows)"));
    for (Candidate each : search.candidates()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-5s %12s %,12.0f %,12.0f %8.1f us  %s",
              each.front() ? "*" : "",
              MetricsText.text(each.value()),
              each.jar(),
              each.parameters(),
              each.latency(),
              each.sentences().isEmpty() ? "nothing" : each.sentences()));
    }
    for (Skipped each : search.skipped()) {
      lines.add("does not fit: " + each.sentences() + ": " + each.reason());
    }
    return lines;
  }

  static ObjectNode json(CompressionSearch search, String jar) {
    ObjectNode result = JsonText.object();
    result.put("model", search.model()).put("jar", jar);
    result.put("rows", search.part()).put("measure", search.measure());
    ArrayNode candidates = result.putArray("candidates");
    for (Candidate each : search.candidates()) {
      ObjectNode line = candidates.addObject();
      line.put("sentences", each.sentences()).put("front", each.front());
      line.put("value", each.value()).put("jar_bytes", (long) each.jar());
      line.put("parameter_bytes", (long) each.parameters()).put("latency_us", each.latency());
    }
    ArrayNode skipped = result.putArray("skipped");
    for (Skipped each : search.skipped()) {
      skipped.addObject().put("sentences", each.sentences()).put("reason", each.reason());
    }
    return result;
  }
}
