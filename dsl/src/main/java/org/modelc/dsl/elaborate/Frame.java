package org.modelc.dsl.elaborate;

import org.modelc.dsl.ast.Name;
import org.modelc.ir.type.TensorType;

/**
 * Where an expression is evaluated.
 *
 * @param scope the names it sees
 * @param naming where the layers it makes get their names
 * @param binding the name that the place gives to a layer made by the expression itself, or null
 * @param expected the type the place wants, or null; binds what a result type leaves open
 */
record Frame(Scope scope, Naming naming, Name binding, TensorType expected) {
  Frame(Scope scope, Naming naming) {
    this(scope, naming, null, null);
  }

  /** For parts of the expression: neither name nor type are theirs. */
  Frame plain() {
    return binding == null && expected == null ? this : new Frame(scope, naming);
  }

  Frame named(Name name) {
    return new Frame(scope, naming, name, expected);
  }

  Frame expecting(TensorType type) {
    return new Frame(scope, naming, binding, type);
  }

  Frame inner() {
    return new Frame(new Scope(scope), naming);
  }
}
