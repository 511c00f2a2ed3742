package org.modelc.dsl.elaborate;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the language itself offers beside ops and the standard library. */
enum Intrinsic {
  /** Whole division, rounded up. */
  CEIL_DIV("ceil_div", "left", "right"),
  /** Whole division, rounded down. */
  FLOOR_DIV("floor_div", "left", "right"),
  /** The dims of a tensor as a list. */
  SHAPE("shape", "x"),
  /** The number of elements of a list. */
  LENGTH("length", "list"),
  /** The product of a list of numbers; 1 for none. */
  PRODUCT("product", "list"),
  /** A list without its entry at an index. */
  WITHOUT("without", "list", "index"),
  /** A list with a value put before an index. */
  INSERT("insert", "list", "index", "value"),
  /** A list of n equal values. */
  REPEAT("repeat", "value", "count"),
  /** Reports a mistake in the arguments of a layer or function. */
  FAIL("fail", "message"),
  /** In stream, x behind what came before; elsewhere x. */
  CACHED("cached", "x", "along"),
  /** In stream, the length of what came before; elsewhere 0. */
  OFFSET("offset"),
  /** Draws tokens one after the other. */
  GENERATE("generate", "logits", "ids", "count", "choice"),
  /** A way to draw a token. */
  SAMPLE("sample", "temperature");

  private final String text;
  private final List<String> parameters;

  Intrinsic(String text, String... parameters) {
    this.text = text;
    this.parameters = List.of(parameters);
  }

  /** The name in the language. */
  String text() {
    return text;
  }

  /** The names of its arguments. */
  List<String> parameters() {
    return parameters;
  }

  static Optional<Intrinsic> of(String name) {
    return Arrays.stream(values()).filter(each -> each.text.equals(name)).findFirst();
  }
}
