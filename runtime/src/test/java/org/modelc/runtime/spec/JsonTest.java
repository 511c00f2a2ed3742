package org.modelc.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.runtime.FormatException;

class JsonTest {
  @Test
  void readsEveryKindOfValue() {
    Object value =
        Json.read(
            " {\"a\": [1, -2.5e3, true, false, null], \"b\": {\"\\u00e9\\n\": \"\\\"x\\\"\"}} ");
    Map<?, ?> object = (Map<?, ?>) value;
    assertThat(((List<?>) object.get("a")).subList(0, 4).toArray())
        .containsExactly(1L, -2500.0, true, false);
    assertThat(((List<?>) object.get("a")).get(4)).isNull();
    assertThat(object.get("b")).isEqualTo(Map.of("é\n", "\"x\""));
  }

  @Test
  void keepsTheLargestLongsAndGoesToDoublesBeyond() {
    assertThat(Json.read("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    assertThat(Json.read("-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
    assertThat(Json.read("9223372036854775808")).isEqualTo(0x1.0p63);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|line 1, column 1: the text ends",
        "`[1,`|the text ends where a value",
        "`[1 2]`|column 4: ']' should stand here",
        "`{\"a\":1,\"a\":2}`|column 8: the name \"a\" stands twice",
        "`{a:1}`|column 2: a name in double quotes",
        "`01`|no value starts like this",
        "`1.`|no value starts like this",
        "`nul`|no value starts like this",
        "`\"\\x\"`|no escape \\x",
        "`\"abc`|ends inside a text",
        "`1 1`|column 3: text after the end",
      })
  void saysWhereTheTextIsWrong(String text, String message) {
    assertThatThrownBy(() -> Json.read(text))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesDeepNestingInsteadOfOverflowing() {
    assertThatThrownBy(() -> Json.read("[".repeat(1_000_000)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("100 levels");
  }

  @Test
  void writesWhatItReads() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      Object value = JsonValues.random(random, 4);
      assertThat(Json.read(Json.write(value))).isEqualTo(value);
      assertThat(Json.read(Json.pretty(value))).isEqualTo(value);
    }
  }

  @Test
  void neverThrowsAnythingElseOnDamagedText() {
    Random random = new Random(11);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder(Json.write(JsonValues.random(random, 3)));
      int at = random.nextInt(text.length());
      text.setCharAt(at, (char) random.nextInt(128));
      try {
        Json.read(text.toString());
      } catch (FormatException expected) {
        assertThat(expected).hasMessageContaining("line ");
      }
    }
  }
}
