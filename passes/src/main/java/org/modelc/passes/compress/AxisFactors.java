package org.modelc.passes.compress;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * What the axes of all values of a model's programs are made of, and which of them stand or fall
 * together. Parameters and states are one across programs; what a caller gives or gets is fixed.
 */
public final class AxisFactors {
  private final Map<Value, List<List<DimFactor>>> values = new IdentityHashMap<>();
  private final Map<String, List<List<DimFactor>>> tensors = new LinkedHashMap<>();
  private final Set<Value> uniform = Collections.newSetFromMap(new IdentityHashMap<>());

  private AxisFactors() {}

  /**
   * Finds the factors.
   *
   * @param programs all programs that read or give a parameter, before any pass
   */
  public static AxisFactors of(List<Graph> programs) {
    AxisFactors factors = new AxisFactors();
    programs.forEach(factors::boundary);
    programs.forEach(factors::insides);
    return factors;
  }

  /** What callers see; first, for it is the reason that a user understands. */
  private void boundary(Graph program) {
    for (Graph.Input input : program.inputs()) {
      boolean stored = input.role() == Role.PARAMETER || input.role() == Role.STATE;
      if (stored) {
        TensorType type = input.value().tensor();
        values.put(input.value(), tensors.computeIfAbsent(input.name(), name -> fresh(type)));
      } else {
        fix(input.value(), "a caller gives `" + input.name() + "`");
      }
    }
    for (Graph.Output output : program.outputs()) {
      if (output.updates() == null) {
        fix(output.value(), "it is an axis of the result `" + output.name() + "`");
      }
    }
  }

  private void insides(Graph program) {
    for (Node node : program.nodes()) {
      AxisTies.tie(node, this);
    }
    for (Graph.Output output : program.outputs()) {
      TensorType type = output.value().tensor();
      if (output.updates() != null) {
        List<List<DimFactor>> updated =
            tensors.computeIfAbsent(output.updates(), name -> fresh(type));
        for (int axis = 0; axis < type.rank() && !isUniform(output.value()); axis++) {
          DimFactor.unify(of(output.value()).get(axis), updated.get(axis), "an update mixes it");
        }
      }
    }
  }

  private static List<List<DimFactor>> fresh(TensorType type) {
    List<List<DimFactor>> axes = new ArrayList<>();
    for (Dim dim : type.shape()) {
      axes.add(dim.is(1) ? List.of() : List.of(new DimFactor(dim)));
    }
    return axes;
  }

  /** The axes of a value, each as its factors; made anew for a value not seen before. */
  List<List<DimFactor>> of(Value value) {
    return values.computeIfAbsent(value, unseen -> fresh(unseen.tensor()));
  }

  /**
   * Says that all elements of a value are one number. It fits any shape, and equal ones are one
   * value in a graph, so that its axes tie nothing.
   */
  void setUniform(Value value) {
    uniform.add(value);
  }

  boolean isUniform(Value value) {
    return uniform.contains(value);
  }

  void fix(Value value, String reason) {
    of(value).forEach(axis -> axis.forEach(factor -> factor.fix(reason)));
  }

  /** Makes an axis of a value the same as one of another. */
  void tie(Value left, int leftAxis, Value right, int rightAxis, String mixing) {
    DimFactor.unify(of(left).get(leftAxis), of(right).get(rightAxis), mixing);
  }

  /** The factors of a value's axis, outermost first. */
  List<DimFactor> axis(Value value, int axis) {
    return DimFactor.leaves(of(value).get(axis));
  }

  /**
   * The factors of a parameter's or state's axis, outermost first.
   *
   * @param name of a tensor that a program reads or gives
   */
  public List<DimFactor> axis(String name, int axis) {
    return DimFactor.leaves(tensors.get(name).get(axis));
  }

  /** The parameters and states of the programs. */
  public List<String> tensors() {
    return List.copyOf(tensors.keySet());
  }

  /** How many axes a parameter or state has. */
  public int rank(String name) {
    return tensors.get(name).size();
  }
}
