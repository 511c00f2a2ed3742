package org.modelc.dsl.elaborate;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the language itself offers beside ops and the standard library. */
enum Intrinsic {
  CEIL_DIV("ceil_div", "whole division, rounded up", "left", "right"),
  FLOOR_DIV("floor_div", "whole division, rounded down", "left", "right"),
  SHAPE("shape", "the dims of a tensor as a list", "x"),
  LENGTH("length", "the number of elements of a list", "list"),
  PRODUCT("product", "the product of a list of numbers; 1 for none", "list"),
  WITHOUT("without", "a list without its entry at an index", "list", "index"),
  INSERT("insert", "a list with a value put before an index", "list", "index", "value"),
  REPEAT("repeat", "a list of equal values", "value", "count"),
  FAIL("fail", "reports a mistake in the arguments of a layer or function", "message"),
  CACHED("cached", "in stream, x behind what came before along an axis; elsewhere x", "x", "along"),
  OFFSET("offset", "in stream, the length of what came before; elsewhere 0"),
  GENERATE(
      "generate",
      "draws tokens one after the other; in a later release",
      "logits",
      "ids",
      "count",
      "choice"),
  SAMPLE("sample", "a way to draw a token; in a later release", "temperature");

  private final String text;
  private final String doc;
  private final List<String> parameters;

  Intrinsic(String text, String doc, String... parameters) {
    this.text = text;
    this.doc = doc;
    this.parameters = List.of(parameters);
  }

  /** The name in the language. */
  String text() {
    return text;
  }

  /** What it gives, in a few words. */
  String doc() {
    return doc;
  }

  /** The names of its arguments. */
  List<String> parameters() {
    return parameters;
  }

  static Optional<Intrinsic> of(String name) {
    return Arrays.stream(values()).filter(each -> each.text.equals(name)).findFirst();
  }
}
