package org.modelc.compiler.jar;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.TensorSpec;

/**
 * The model card, a page for people: what the model is for, what it takes and gives, what it was
 * trained on and how well it does. After M. Mitchell et al., Model Cards for Model Reporting, 2019.
 */
final class ModelCard {
  private static final String STYLE =
      "body{font:16px/1.5 sans-serif;max-width:48em;margin:2em auto;padding:0 1em}"
          + "table{border-collapse:collapse}td,th{padding:.2em 1em .2em 0;text-align:left;"
          + "vertical-align:top}code,pre{font-size:.9em;overflow-wrap:anywhere}";
  private static final String UNSAID = "not stated";

  private final ModelManifest manifest;
  private final Provenance provenance;
  private final StringBuilder page = new StringBuilder();

  private ModelCard(ModelManifest manifest, Provenance provenance) {
    this.manifest = manifest;
    this.provenance = provenance;
  }

  static String resourceOf(String model) {
    return ModelResources.FOLDER + model + "/card.html";
  }

  static byte[] write(ModelManifest manifest, Provenance provenance, String source) {
    return new ModelCard(manifest, provenance).page(source).getBytes(StandardCharsets.UTF_8);
  }

  private String page(String source) {
    page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(escape(manifest.name()))
        .append("</title><style>" + STYLE + "</style></head><body>\n");
    page.append("<h1>").append(escape(manifest.name())).append("</h1>\n");
    page.append("<p>").append(escape(manifest.doc().strip())).append("</p>\n");
    rows("Use", Map.of("Intended use", stated(provenance.intendedUse())));
    rows("Licence", Map.of("Licence", stated(provenance.licence())));
    rows("Terms", new TreeMap<>(manifest.terms()));
    rows("Functions", functions());
    rows("Measures", measures());
    rows("Data, SHA-256", data());
    rows("Made by", origin());
    page.append("<h2>Model file</h2>\n<pre>").append(escape(source)).append("</pre>\n");
    return page.append("</body></html>\n").toString();
  }

  private static String stated(String text) {
    return text.isEmpty() ? UNSAID : text;
  }

  private Map<String, String> functions() {
    Map<String, String> rows = new TreeMap<>();
    for (FunctionSpec function : manifest.functions()) {
      String type = tensors(function.inputs()) + " → " + tensors(function.outputs());
      String doc = function.doc().isBlank() ? "" : ": " + function.doc().strip();
      rows.put(function.name(), type + doc);
    }
    return rows;
  }

  private static String tensors(List<TensorSpec> tensors) {
    return tensors.stream()
        .map(each -> each.name() + ": " + each.dtype() + each.shape())
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private Map<String, String> measures() {
    Map<String, String> rows = new TreeMap<>();
    manifest
        .metrics()
        .forEach(
            (part, values) ->
                values.forEach(
                    (name, value) -> {
                      Double baseline = manifest.baselines().getOrDefault(part, Map.of()).get(name);
                      String beside =
                          baseline == null
                              ? ""
                              : " (best constant predictor " + number(baseline) + ")";
                      rows.put(name + ", " + part + " rows", number(value) + beside);
                    }));
    return rows;
  }

  private Map<String, String> data() {
    Map<String, String> rows = new TreeMap<>();
    provenance.data().forEach(each -> rows.put(each.path(), each.sha256()));
    return rows;
  }

  private Map<String, String> origin() {
    Map<String, String> rows = new TreeMap<>();
    rows.put("compiler", "modelc " + provenance.compiler());
    rows.put("backend", manifest.backend());
    rows.put("model file, SHA-256", provenance.sourceSha256());
    rows.put("seed", String.valueOf(provenance.seed()));
    rows.put("parameters", provenance.trained() ? "trained" : "drawn or given, not trained here");
    return rows;
  }

  private void rows(String title, Map<String, String> rows) {
    if (rows.isEmpty()) {
      return;
    }
    page.append("<h2>").append(title).append("</h2>\n<table>\n");
    rows.forEach(
        (name, value) ->
            page.append("<tr><th>")
                .append(escape(name))
                .append("</th><td>")
                .append(escape(value))
                .append("</td></tr>\n"));
    page.append("</table>\n");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
