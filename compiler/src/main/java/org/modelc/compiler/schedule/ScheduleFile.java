package org.modelc.compiler.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.schedule.ProductKnob;
import org.modelc.codegen.llvm.schedule.ProductSchedule;
import org.modelc.codegen.llvm.schedule.ProductSchedules;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticCode;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.SourceText;
import org.modelc.runtime.ModelcException;

/**
 * A file of tuned schedules, an input of builds: the same file gives the same code on any machine.
 *
 * @param kernels by level and fingerprint
 */
public record ScheduleFile(List<Kernel> kernels) {
  /** The version of the format. */
  public static final int FORMAT = 1;

  /** Nothing is tuned. */
  public static final ScheduleFile NONE = new ScheduleFile(List.of());

  public ScheduleFile {
    kernels =
        kernels.stream()
            .sorted(Comparator.comparing(Kernel::level).thenComparing(Kernel::kernel))
            .toList();
  }

  /**
   * A kernel that a schedule is given for.
   *
   * @param gain times as fast as the cost model's schedule, where it was measured
   * @param span where it stands in a file
   */
  public record Kernel(
      IsaLevel level, String kernel, ProductSchedule schedule, double gain, SourceSpan span) {}

  /**
   * Reads a file.
   *
   * @throws DiagnosticException if it is no such file
   */
  public static ScheduleFile read(Path file) {
    try {
      return new ScheduleReader(new SourceText(file.toString(), Files.readString(file))).read();
    } catch (CharacterCodingException noText) {
      throw unreadable(DiagnosticCode.CORRUPT_FILE, file + " is no UTF-8 text");
    } catch (IOException failed) {
      throw unreadable(DiagnosticCode.UNREADABLE_FILE, file + " cannot be read");
    }
  }

  private static DiagnosticException unreadable(DiagnosticCode code, String message) {
    return new DiagnosticException(
        Diagnostic.of(code, SourceSpan.NONE, message)
            .withHint("`modelc build MODEL --tune FILE` writes one"));
  }

  /** What code generators read. */
  public ProductSchedules schedules() {
    Map<IsaLevel, Map<String, ProductSchedule>> levels = new EnumMap<>(IsaLevel.class);
    for (Kernel kernel : kernels) {
      levels
          .computeIfAbsent(kernel.level, level -> new HashMap<>())
          .put(kernel.kernel, kernel.schedule);
    }
    return new ProductSchedules(levels);
  }

  /** As JSON, the same for the same schedules. */
  public String text() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("format", FORMAT);
    ArrayNode all = root.putArray("schedules");
    for (Kernel kernel : kernels) {
      ObjectNode node = all.addObject();
      node.put("level", kernel.level.text());
      node.put("kernel", kernel.kernel);
      ObjectNode knobs = node.putObject("knobs");
      for (ProductKnob knob : ProductKnob.values()) {
        knobs.put(knob.text(), kernel.schedule.value(knob));
      }
      node.put("gain", Math.round(kernel.gain * 1000) / 1000.0);
    }
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter()
            .withArrayIndenter(new DefaultIndenter("  ", "\n"))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try {
      return mapper.writer(printer).writeValueAsString(root) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Writes the file.
   *
   * @throws ModelcException if that is not possible
   */
  public void write(Path file) {
    try {
      Files.write(file, text().getBytes(StandardCharsets.UTF_8));
    } catch (IOException failed) {
      throw new ModelcException(
          "cannot write the schedules to " + file, "name a file in a folder that can be written");
    }
  }
}
