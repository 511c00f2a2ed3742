package org.modelc.dsl.elaborate;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.modelc.dsl.ast.Declaration;
import org.modelc.ir.graph.Value;
import org.modelc.ir.op.OpDef;
import org.modelc.runtime.spec.Dim;

/**
 * What an expression means while a model is unfolded: a static value, a tensor, or something to
 * call.
 */
sealed interface Meaning {

  /** For messages: a type, or a static value. */
  String describe();

  /** A value of the program that is being built. */
  record Tensor(Value value, Program home) implements Meaning {
    @Override
    public String describe() {
      return value.type().toString();
    }
  }

  /**
   * A whole number or a dim.
   *
   * @param label whether it came from a type and so can stand for the axis of that size
   */
  record Int(Dim dim, boolean label) implements Meaning {
    public Int(Dim dim) {
      this(dim, false);
    }

    static Int of(long value) {
      return new Int(Dim.constant(value));
    }

    @Override
    public String describe() {
      return dim.toString();
    }
  }

  /** A static number with a fraction. */
  record Real(double value) implements Meaning {
    @Override
    public String describe() {
      return Double.toString(value);
    }
  }

  /** A static truth value. */
  record Bool(boolean value) implements Meaning {
    @Override
    public String describe() {
      return Boolean.toString(value);
    }
  }

  /** A static text. */
  record Text(String value) implements Meaning {
    @Override
    public String describe() {
      return '"' + value + '"';
    }
  }

  /** A static list. */
  record ListOf(List<Meaning> elements) implements Meaning {
    public ListOf {
      elements = List.copyOf(elements);
    }

    static ListOf dims(List<Dim> dims) {
      return new ListOf(dims.stream().<Meaning>map(dim -> new Int(dim, true)).toList());
    }

    @Override
    public String describe() {
      return elements.stream().map(Meaning::describe).collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /** A record, or a tuple when its names are empty. */
  record Group(List<Part> parts) implements Meaning {
    public Group {
      parts = List.copyOf(parts);
    }

    /** One field, or one place of a tuple. */
    record Part(String name, Meaning meaning) {}

    Optional<Meaning> part(String name) {
      return parts.stream().filter(part -> part.name().equals(name)).map(Part::meaning).findFirst();
    }

    @Override
    public String describe() {
      return parts.stream()
          .map(
              part -> (part.name().isEmpty() ? "" : part.name() + ": ") + part.meaning().describe())
          .collect(Collectors.joining(", ", "(", ")"));
    }
  }

  /**
   * A layer by name: each use makes an instance.
   *
   * @param owner the scope it sees
   */
  record Constructor(Declaration.Layer layer, Scope owner) implements Meaning {
    @Override
    public String describe() {
      return "layer " + layer.name();
    }
  }

  /** A layer that owns its parameters. */
  record Instance(LayerInstance layer) implements Meaning {
    @Override
    public String describe() {
      return layer.describe();
    }
  }

  /**
   * A function.
   *
   * @param owner the scope it sees
   * @param inModel whether it may own parameters
   */
  record Function(Declaration.Function function, Scope owner, boolean inModel) implements Meaning {
    @Override
    public String describe() {
      return "fn " + function.name();
    }
  }

  /** An operator of the op library. */
  record Operator(OpDef<?> op) implements Meaning {
    @Override
    public String describe() {
      return "operator " + op.name();
    }
  }

  /** A function of the language itself, on static values or on names of dims. */
  record Builtin(Intrinsic intrinsic) implements Meaning {
    @Override
    public String describe() {
      return "function " + intrinsic.text();
    }
  }

  /** The value of a block that ends without one. */
  record Nothing() implements Meaning {
    @Override
    public String describe() {
      return "no value";
    }
  }

  /** What a reported mistake left behind: whatever is done with it reports nothing more. */
  record Failed() implements Meaning {
    @Override
    public String describe() {
      return "an error";
    }
  }

  /** The one failure. */
  Failed FAILED = new Failed();

  /** Whether a mistake was reported already. */
  default boolean isFailed() {
    return this instanceof Failed
        || this instanceof Group group
            && group.parts().stream().anyMatch(p -> p.meaning().isFailed())
        || this instanceof ListOf list && list.elements().stream().anyMatch(Meaning::isFailed);
  }

  /** Whether this is known at compile time. */
  default boolean isStatic() {
    if (this instanceof Int number) {
      return number.dim().isStatic();
    }
    return this instanceof Real || this instanceof Bool || this instanceof Text;
  }
}
