package org.modelc.compiler.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.schedule.ProductKnob;
import org.modelc.codegen.llvm.schedule.ProductSchedule;
import org.modelc.ir.diagnostic.Diagnostic;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.SourceSpan;

class ScheduleFileTest {
  private static final String TEXT =
      """
      {
        "format" : 1,
        "schedules" : [
          {
            "level" : "x86-64-v4",
            "kernel" : "f32 n1 x 64 x 32, left in rows, right in panels, sums",
            "knobs" : {
              "tileRows" : 12,
              "partSteps" : 256,
              "blockTiles" : 3,
              "packLeft" : 0,
              "directTiles" : 2,
              "fetchLines" : 4,
              "fetchSteps" : 12
            },
            "gain" : 1.125
          }
        ]
      }
      """;

  @TempDir Path folder;

  private ScheduleFile read(String text) throws IOException {
    return ScheduleFile.read(Files.writeString(folder.resolve("s.json"), text));
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    ScheduleFile file = read(TEXT);
    assertThat(file.text()).isEqualTo(TEXT);
    ScheduleFile.Kernel kernel = file.kernels().get(0);
    assertThat(kernel.level()).isEqualTo(IsaLevel.X86_64_V4);
    assertThat(kernel.schedule().value(ProductKnob.PART_STEPS)).isEqualTo(256);
    assertThat(kernel.gain()).isEqualTo(1.125);
    assertThat(file.schedules().levels().get(IsaLevel.X86_64_V4))
        .containsEntry(kernel.kernel(), kernel.schedule());
    assertThat(ScheduleFile.NONE.text()).contains("\"schedules\" : [ ]");
    assertThat(read(ScheduleFile.NONE.text())).isEqualTo(ScheduleFile.NONE);
  }

  @Test
  void theOrderOfKernelsDoesNotMatter() {
    Map<ProductKnob, Integer> values = new EnumMap<>(ProductKnob.class);
    for (ProductKnob knob : ProductKnob.values()) {
      values.put(knob, knob.least());
    }
    ProductSchedule schedule = new ProductSchedule(values);
    ScheduleFile.Kernel a = kernel(IsaLevel.X86_64_V3, "a", schedule);
    ScheduleFile.Kernel b = kernel(IsaLevel.X86_64_V3, "b", schedule);
    ScheduleFile.Kernel c = kernel(IsaLevel.X86_64_V4, "a", schedule);
    String text = new ScheduleFile(List.of(a, b, c)).text();
    assertThat(new ScheduleFile(List.of(c, b, a)).text()).isEqualTo(text);
  }

  private static ScheduleFile.Kernel kernel(IsaLevel level, String name, ProductSchedule schedule) {
    return new ScheduleFile.Kernel(level, name, schedule, 1.5, SourceSpan.NONE);
  }

  /** Each with its code, its place, and a hint. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"format\" : 1 | \"format\" : 2 | E604 | 2:14 | format 2 | tune anew",
        "\"format\" : 1, | | E602 | 3:3 | expected `format` and found schedules | --tune FILE",
        "1.125 | 1.1.25 | E602 | 16:19 | no JSON | --tune FILE",
        "x86-64-v4 | x86-64-v9 | E409 | 5:17 | x86-64-v9 | x86-64-v4-amx, neon",
        "tileRows\" : 12 | tileRows\" : 15 | E409 | 8:22 | tileRows is 15 | from 1 to 14",
        "tileRows\" : 12 | tileRows\" : 0 | E409 | 8:22 | tileRows is 0 | from 1 to 14",
        "256 | 250 | E409 | 9:23 | partSteps is 250 | a multiple of 32 from 32 to 4096",
        "\"fetchLines\" : 4 | \"fetchLines\" : 99999999999 | E409 | 13:24 | 99999999999 | 0 to 4",
        "tileRows | tileRose | E402 | 8:9 | tileRose | tileRows, partSteps",
        "partSteps\" : 256 | tileRows\" : 11 | E403 | 9:22 | given twice | leave one",
        "\"packLeft\" : 0, | | E404 | 15:7 | missing: packLeft | tileRows, partSteps",
        "\"gain\" : 1.125 | \"gain\" : \"much\" | E602 | 16:16 | the gain | --tune FILE",
        "\"level\" : \"x86-64-v4\", | | E602 | 6:7 | expected `level` | --tune FILE"
      })
  void mistakesHaveTheirPlace(
      String part, String other, String code, String place, String message, String hint) {
    String text = TEXT.replace(part, other == null ? "" : other);
    assertThat(text).isNotEqualTo(TEXT);
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            DiagnosticException.class,
            mistake -> {
              Diagnostic found = mistake.diagnostics().get(0);
              assertThat(found.code().code()).as(found.toString()).isEqualTo(code);
              assertThat(found.span().location()).endsWith("s.json:" + place);
              assertThat(found.message()).contains(message);
              assertThat(found.hint().orElseThrow()).contains(hint);
            });
  }

  @Test
  void aKernelHasOneSchedule() {
    int from = TEXT.indexOf("    {");
    String kernel = TEXT.substring(from, TEXT.indexOf("  ]"));
    String text = TEXT.substring(0, from) + kernel.stripTrailing() + ",\n" + TEXT.substring(from);
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(DiagnosticException.class)
        .hasMessageContaining("E403")
        .hasMessageContaining("a second schedule of x86-64-v4 for f32 n1 x 64 x 32");
  }

  @Test
  void filesThatAreNotThere() {
    assertThatThrownBy(() -> ScheduleFile.read(folder.resolve("none.json")))
        .isInstanceOf(DiagnosticException.class)
        .hasMessageContaining("E601")
        .hasMessageContaining("none.json cannot be read; `modelc build MODEL --tune FILE`");
    assertThatThrownBy(() -> read("models"))
        .isInstanceOf(DiagnosticException.class)
        .hasMessageContaining("s.json:1:")
        .hasMessageContaining("no JSON");
  }
}
