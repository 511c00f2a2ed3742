package org.modelc.dsl.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.dsl.ast.AstPrinter;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.SourceText;

class ModelFormatterTest {
  static List<Path> corpus() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "corpus"))) {
      return files.filter(file -> file.toString().endsWith(".model")).sorted().toList();
    }
  }

  private static String format(String text) {
    return ModelFormatter.format(new SourceText("t.model", text));
  }

  private static String tree(String text) {
    return AstPrinter.print(SourceParser.parse(new SourceText("t.model", text)).file());
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void keepsTheTreeAndTheCommentsAndSettlesAtOnce(Path file) throws IOException {
    String text = Files.readString(file);
    String formatted = format(text);
    assertThat(tree(formatted)).isEqualTo(tree(text));
    assertThat(format(formatted)).isEqualTo(formatted);
    assertThat(formatted.replaceAll("\\s", "")).isEqualTo(text.replaceAll("\\s", ""));
  }

  @Test
  void laysOut() {
    String text =
        """


        model   A( n:int=3 ){
        fn f(x:f32[B,4*n])->f32[B] {
            let y=x|>dense( 2 )
              |>relu   // twice
            y^2*-1-n  +(1)
          }



        }
        train A on d { batch 3     epochs 4
        }
        """;
    String expected =
        """
        model A(n: int = 3) {
            fn f(x: f32[B, 4 * n]) -> f32[B] {
                let y = x |> dense(2)
                    |> relu  // twice
                y^2 * -1 - n + (1)
            }

        }
        train A on d { batch 3   epochs 4
        }
        """;
    assertThat(format(text)).isEqualTo(expected);
  }

  @Test
  void refusesWhatDoesNotParse() {
    assertThatThrownBy(() -> format("model {")).isInstanceOf(DiagnosticException.class);
  }
}
