package org.modelc.ir.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.ir.op.OpException;

class GraphParserTest {
  private static final String TEXT =
      """
      graph predict(%x: f32[B, 4*T + 2] input, %dense_weight "dense.weight": f32[4] parameter, %n: i32[] control) {
        where 1 <= T <= 128
        where 0 <= 2*B <= 9223372036854775807
        %0: f32[] = constant() {dtype = f32, shape = [], data = [-0.5]}
        %1: f32[B, 4*T + 2] = broadcast(%0) {shape = [B, 4*T + 2]}
        %logits: f32[B, 4*T + 2] = multiply(%x, %1)
        %logits.2: f32[B, 4*T + 2] = multiply(%x, %1)
        %2: bool[B, 4*T + 2] = less(%logits, %logits.2)
        %3: f32[B, 4*T + 2] = select(%2, %logits, %logits.2)
        %4: f32[B, 4*T + 2] = leaky_relu(%3) {slope = 1.0E-5}
        %5: f32[B, 4*T + 2] = gelu(%4) {approximate = tanh}
        %6: f32[B, 1] = sum(%5) {axes = [1], keep = true}
        return "logits" = %6
        update "dense.weight" = %dense_weight
      }
      """;

  @Test
  void printsWhatItReads() {
    Graph graph = GraphParser.parse(TEXT);
    assertThat(graph.nodes()).hasSize(9);
    assertThat(GraphPrinter.print(graph)).isEqualTo(TEXT);
    GraphVerifier.verify(graph);
  }

  @Test
  void readsLayoutsQuantizationsAndStructs() {
    String text =
        """
        graph types(%a: f32[3, 4]{1,0}/1x16 input, %b: i8[8, 2]<f32, 4 bits, axis 0, group 4, scales [0.5, 0.25], zero points [0, -3]> constant, %c: csr{row: i32[N + 1], value: f32[E]} input) {
          return "a" = %a
        }
        """;
    assertThat(GraphPrinter.print(GraphParser.parse(text))).isEqualTo(text);
  }

  @Test
  void infersTypesThatAreLeftOut() {
    Graph graph = GraphParser.parse("graph g(%x: f32[3] input) { %y = exp(%x) return y = %y }");
    assertThat(graph.output("y").value().type()).hasToString("f32[3]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "graph g(%x: f32[3] input) { %y = expo(%x) }|no op is named 'expo'",
        "graph g(%x: f32[3] input) { %y = exp(%z) }|%z is not defined before this place",
        "graph g(%x: f32[3] input) { %x = exp(%x) }|%x is defined twice",
        "graph g(%x: f32[3] input) { %y: f32[4] = exp(%x) }|%y is f32[3], not f32[4] as written",
        "graph g(%x: f33[3] input) { }|no element type 'f33'",
        "graph g(%x: f32[3,] input) { }|a dim is missing",
        "graph g(%x: f32[3] thing) { }|'thing' is no role",
        "graph g(%x: f32[3] input) { %y, %z = exp(%x) }|exp has 1 results, not 2",
        "graph g(%x: f32[3] input) { %y = add(%x) }|add takes 2 operands, got 1",
        "graph g(%x: f32[3] input) { %y = clamp(%x) {lower = 1} }|clamp has no argument 'lower'",
        "graph g(%x: f32[3] input) { %y = clamp(%x) {minimum = 1..2} }|is no value",
        "graph g(%x: f32[3] input) {|a node, 'where', 'return', 'update' or '}' expected",
        "graph g(%x: f32[3] input) } |'{' expected",
        "nothing|'graph' expected",
      })
  void tellsWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> GraphParser.parse(text))
        .isInstanceOf(GraphParseException.class)
        .hasMessageContaining(message);
  }

  @Test
  void pointsAtThePlace() {
    assertThatThrownBy(() -> GraphParser.parse("graph g(%x: f32[3] input) {\n  %y = exp(%z)\n}"))
        .hasMessage("2:12: %z is not defined before this place\n  %y = exp(%z)\n           ^");
  }

  @Test
  void neverCrashesOnDamagedText() {
    Random random = new Random(7);
    List<String> pieces =
        List.of("[", "]", "{", "}", "%", "\"", "graph", ",", "-1", "1e999", "B", "=", "\\");
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder damaged = new StringBuilder(TEXT);
      for (int edit = 0; edit <= random.nextInt(3); edit++) {
        int at = random.nextInt(damaged.length());
        int end = Math.min(damaged.length(), at + random.nextInt(4));
        damaged.replace(at, end, pieces.get(random.nextInt(pieces.size())));
      }
      try {
        GraphPrinter.print(GraphParser.parse(damaged.toString()));
      } catch (GraphParseException expected) {
        refused++;
      } catch (OpException escaped) {
        throw new AssertionError(damaged.toString(), escaped);
      }
    }
    assertThat(refused).isGreaterThan(10_000);
  }
}
