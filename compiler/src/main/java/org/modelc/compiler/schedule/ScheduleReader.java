package org.modelc.compiler.schedule;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.schedule.ProductKnob;
import org.modelc.codegen.llvm.schedule.ProductSchedule;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.SourceText;

/** Reads schedules token by token, so that every mistake has its place. */
final class ScheduleReader {
  private static final String AGAIN = "`modelc build MODEL --tune FILE` writes the file anew";

  private final SourceText text;
  private JsonParser json;

  ScheduleReader(SourceText text) {
    this.text = text;
  }

  /**
   * The schedules.
   *
   * @throws DiagnosticException if the text is not right
   */
  ScheduleFile read() {
    try (JsonParser parser = new JsonFactory().createParser(text.text())) {
      json = parser;
      return file();
    } catch (JsonProcessingException broken) {
      throw mistake(
          DiagnosticCode.CORRUPT_FILE,
          span(broken.getLocation(), 1),
          "no JSON: " + broken.getOriginalMessage(),
          AGAIN);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private ScheduleFile file() throws IOException {
    next(JsonToken.START_OBJECT, "an object with `format` and `schedules`");
    field("format");
    next(JsonToken.VALUE_NUMBER_INT, "the number of the format");
    if (json.getLongValue() != ScheduleFile.FORMAT) {
      throw mistake(
          DiagnosticCode.NEWER_VERSION,
          here(),
          "schedules of format " + json.getText() + ", this version reads " + ScheduleFile.FORMAT,
          "use the version that wrote the file, or tune anew");
    }
    field("schedules");
    next(JsonToken.START_ARRAY, "a list of schedules");
    List<ScheduleFile.Kernel> kernels = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      is(JsonToken.START_OBJECT, "a schedule, or the end of the list");
      ScheduleFile.Kernel kernel = kernel();
      if (!seen.add(kernel.level() + " " + kernel.kernel())) {
        throw mistake(
            DiagnosticCode.DUPLICATE_SETTING,
            kernel.span(),
            "a second schedule of " + kernel.level().text() + " for " + kernel.kernel(),
            "leave one of them out");
      }
      kernels.add(kernel);
    }
    next(JsonToken.END_OBJECT, "the end of the object");
    return new ScheduleFile(kernels);
  }

  private ScheduleFile.Kernel kernel() throws IOException {
    field("level");
    next(JsonToken.VALUE_STRING, "the name of a level");
    IsaLevel level = level(json.getText());
    field("kernel");
    next(JsonToken.VALUE_STRING, "the fingerprint of a kernel");
    String kernel = json.getText();
    SourceSpan span = here();
    field("knobs");
    next(JsonToken.START_OBJECT, "the knobs");
    ProductSchedule schedule = knobs(level);
    field("gain");
    JsonToken gain = json.nextToken();
    if (gain != JsonToken.VALUE_NUMBER_FLOAT && gain != JsonToken.VALUE_NUMBER_INT) {
      throw unexpected("the gain that was measured");
    }
    double measured = json.getDoubleValue();
    next(JsonToken.END_OBJECT, "the end of the schedule");
    return new ScheduleFile.Kernel(level, kernel, schedule, measured, span);
  }

  private IsaLevel level(String name) {
    for (IsaLevel level : IsaLevel.values()) {
      if (level.text().equals(name)) {
        return level;
      }
    }
    String all =
        Arrays.stream(IsaLevel.values()).map(IsaLevel::text).collect(Collectors.joining(", "));
    throw mistake(
        DiagnosticCode.BAD_SETTING, here(), "no level is named " + name, "there are " + all);
  }

  private ProductSchedule knobs(IsaLevel level) throws IOException {
    Map<ProductKnob, Integer> values = new EnumMap<>(ProductKnob.class);
    while (json.nextToken() != JsonToken.END_OBJECT) {
      is(JsonToken.FIELD_NAME, "a knob, or the end of the knobs");
      String name = json.getText();
      Optional<ProductKnob> knob = ProductKnob.of(name);
      if (knob.isEmpty()) {
        throw mistake(
            DiagnosticCode.UNKNOWN_SETTING, here(), "no knob is named " + name, known(all()));
      }
      next(JsonToken.VALUE_NUMBER_INT, knob.get().range(level));
      boolean fits = json.getNumberType() == JsonParser.NumberType.INT;
      if (!fits || !knob.get().allows(json.getIntValue(), level)) {
        throw mistake(
            DiagnosticCode.BAD_SETTING,
            here(),
            name + " is " + json.getText() + ", which " + level.text() + " does not allow",
            "give " + knob.get().range(level));
      }
      if (values.put(knob.get(), json.getIntValue()) != null) {
        throw mistake(
            DiagnosticCode.DUPLICATE_SETTING,
            here(),
            name + " is given twice",
            "leave one of them out");
      }
    }
    List<ProductKnob> missing = all();
    missing.removeAll(values.keySet());
    if (!missing.isEmpty()) {
      throw mistake(
          DiagnosticCode.MISSING_SETTING,
          here(),
          "knobs are missing: " + names(missing),
          known(all()));
    }
    return new ProductSchedule(values);
  }

  private static List<ProductKnob> all() {
    return new ArrayList<>(List.of(ProductKnob.values()));
  }

  private static String known(List<ProductKnob> knobs) {
    return "a schedule has " + names(knobs);
  }

  private static String names(List<ProductKnob> knobs) {
    return knobs.stream().map(ProductKnob::text).collect(Collectors.joining(", "));
  }

  // Tokens.

  private void field(String name) throws IOException {
    json.nextToken();
    if (json.currentToken() != JsonToken.FIELD_NAME || !json.getText().equals(name)) {
      throw unexpected("`" + name + "`");
    }
  }

  private void next(JsonToken token, String wanted) throws IOException {
    json.nextToken();
    is(token, wanted);
  }

  private void is(JsonToken token, String wanted) throws IOException {
    if (json.currentToken() != token) {
      throw unexpected(wanted);
    }
  }

  private DiagnosticException unexpected(String wanted) throws IOException {
    String found = json.currentToken() == null ? "the end" : json.getText();
    return mistake(
        DiagnosticCode.CORRUPT_FILE, here(), "expected " + wanted + " and found " + found, AGAIN);
  }

  private SourceSpan here() {
    int from = (int) json.currentTokenLocation().getCharOffset();
    int to = (int) json.currentLocation().getCharOffset();
    return text.span(from, Math.max(to, from + 1));
  }

  private SourceSpan span(JsonLocation place, int length) {
    int from = (int) place.getCharOffset();
    return text.span(from, from + length);
  }

  private static DiagnosticException mistake(
      DiagnosticCode code, SourceSpan span, String message, String hint) {
    return new DiagnosticException(Diagnostic.of(code, span, message).withHint(hint));
  }
}
