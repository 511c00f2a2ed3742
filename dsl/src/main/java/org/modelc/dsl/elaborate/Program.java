package org.modelc.dsl.elaborate;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.ops.Constant;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** The graph that is being built, with the parameters, states and controls it has used so far. */
final class Program {
  /** Which of the compilations of one text this is. */
  enum Kind {
    TRAINING,
    INFERENCE,
    /** First values of parameters and states. */
    INIT
  }

  private final Kind kind;
  private final GraphBuilder builder;
  private final Map<String, Value> parameters = new LinkedHashMap<>();
  private final Map<String, Value> states = new LinkedHashMap<>();
  private final Set<String> written = new LinkedHashSet<>();
  private final Map<String, Value> controls = new LinkedHashMap<>();

  Program(String name, Kind kind) {
    this.kind = kind;
    this.builder = new GraphBuilder(name);
  }

  GraphBuilder builder() {
    return builder;
  }

  Kind kind() {
    return kind;
  }

  boolean isTraining() {
    return kind == Kind.TRAINING;
  }

  /** The value of a parameter, declared as an input at its first use. */
  Value parameter(String path, TensorType type) {
    return parameters.computeIfAbsent(path, name -> builder.input(name, Role.PARAMETER, type));
  }

  /** The present value of a state. */
  Value state(String path, TensorType type) {
    return states.computeIfAbsent(path, name -> builder.input(name, Role.STATE, type));
  }

  /** Gives a state its next value, seen by what follows; saved by training programs alone. */
  void writeState(String path, Value value) {
    states.put(path, value);
    written.add(path);
  }

  /** A scalar that the driver sets: {@code seed} or {@code step}; first values are of step 0. */
  Value control(String name) {
    if (kind == Kind.INIT && name.equals("step")) {
      return Constant.scalar(builder, DType.I64, 0);
    }
    TensorType type = TensorType.scalar(DType.I64);
    return controls.computeIfAbsent(name, each -> builder.input(each, Role.CONTROL, type));
  }

  Graph build() {
    if (isTraining()) {
      written.forEach(path -> builder.update(path, states.get(path)));
    }
    return builder.build();
  }
}
