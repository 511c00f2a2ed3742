package org.modelc.passes.simplify;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;

/** A shape of expressions over graph values; names bind what was found. */
sealed interface Pattern {
  /** Any value. */
  record Any(String name) implements Pattern {}

  /** A constant with one number everywhere that satisfies a condition. */
  record Number(String name, DoublePredicate condition) implements Pattern {}

  /** A node of an op over patterns; its attributes are found under the name. */
  record Apply(String name, String op, List<Pattern> operands) implements Pattern {
    /** Whether an op over operands fits; its attributes are bound to the name. */
    boolean fits(String other, Record attributes, List<Value> values, Match match) {
      if (!op.equals(other) || values.size() != operands.size()) {
        return false;
      }
      for (int i = 0; i < values.size(); i++) {
        if (!operands.get(i).matches(values.get(i), match)) {
          return false;
        }
      }
      match.bindAttributes(name, attributes);
      return true;
    }
  }

  static Pattern any(String name) {
    return new Any(name);
  }

  /** One number everywhere. */
  static Pattern number(String name) {
    return new Number(name, value -> true);
  }

  /** This number everywhere. */
  static Pattern number(double wanted) {
    return new Number("", value -> value == wanted);
  }

  static Pattern number(String name, DoublePredicate condition) {
    return new Number(name, condition);
  }

  static Pattern op(String op, Pattern... operands) {
    return new Apply("", op, Arrays.asList(operands));
  }

  /** An op whose attributes the replacement asks for. */
  static Pattern named(String name, String op, Pattern... operands) {
    return new Apply(name, op, Arrays.asList(operands));
  }

  /** Whether a value fits; what names stand for is put into the match. */
  default boolean matches(Value value, Match match) {
    if (this instanceof Any any) {
      return match.bind(any.name(), value);
    } else if (this instanceof Number number) {
      Double found = match.number(value);
      return found != null && number.condition().test(found) && match.bind(number.name(), value);
    }
    Apply apply = (Apply) this;
    Node node = match.producer(value);
    return node != null && apply.fits(node.op().name(), node.attributes(), node.operands(), match);
  }
}
