package org.modelc.passes.compress;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.GraphRewriter;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.ops.Cast;
import org.modelc.ir.ops.Clamp;
import org.modelc.ir.ops.Divide;
import org.modelc.ir.ops.Exp;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.ops.Reshape;
import org.modelc.ir.ops.Round;
import org.modelc.ir.ops.StraightThrough;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Rewrites a program so that a training of it feels the integers that weights will be stored as,
 * and, where their inputs have a range, those ({@link LearnedRange}): each weight is divided by its
 * scale, held within the bits, rounded and multiplied again. Rounding passes gradients straight
 * through, so the scale learns too (Esser et al., Learned Step Size Quantization, 2020).
 *
 * <p>What learns is the logarithm of the scale, {@code <parameter>.log_scale}: a step changes it by
 * a share of itself, whatever its size, and it stays above 0.
 */
public final class FakeQuantize {
  private final Map<String, Storage.Integers> storages;
  private final Map<Value, String> multiplied = new IdentityHashMap<>();
  private final Map<String, LearnedRange.Parameters> ranges = new HashMap<>();
  private final GraphBuilder builder;

  private FakeQuantize(String name, Map<String, Storage.Integers> storages) {
    this.storages = storages;
    this.builder = new GraphBuilder(name);
  }

  /**
   * The program over weights that are rounded at each use.
   *
   * @param program reads parameters of floats
   * @param storages by parameter name; the others stay as they are
   */
  public static Graph of(Graph program, Map<String, Storage.Integers> storages) {
    return new FakeQuantize(program.name(), storages).rewrite(program);
  }

  /** The name of the logarithm of a parameter's scales. */
  public static String logScaleOf(String parameter) {
    return parameter + ".log_scale";
  }

  /** The scales that logarithms stand for, as they are stored. */
  public static Array scales(Array logarithms) {
    Array scales = Array.zeros(DType.BF16, logarithms.shape());
    for (int i = 0; i < scales.size(); i++) {
      float scale = (float) Math.exp(logarithms.data()[i]);
      scales.data()[i] = org.modelc.ir.interpreter.ScalarFunctions.round(DType.BF16, scale);
    }
    return scales;
  }

  /** What to begin with: the logarithms of scales. */
  public static Array logarithms(Array scales) {
    Array logarithms = Array.zeros(DType.F32, scales.shape());
    for (int i = 0; i < scales.size(); i++) {
      logarithms.data()[i] = (float) Math.log(scales.data()[i]);
    }
    return logarithms;
  }

  private Graph rewrite(Graph program) {
    GraphRewriter rewriter = new GraphRewriter(builder, this::product);
    for (Graph.Input input : program.inputs()) {
      Value value = rewriter.input(input);
      Storage.Integers storage = input.role() == Role.PARAMETER ? storages.get(input.name()) : null;
      if (storage != null) {
        builder.at(input.value().origin());
        rewriter.map(input.value(), rounded(input.name(), value, storage));
        multiplied.put(input.value(), input.name());
        builder.at(List.of());
      }
    }
    program.nodes().forEach(rewriter::node);
    rewriter.ends(program);
    return builder.build();
  }

  /** A product with a weight whose inputs will be integers feels that of its other operand, too. */
  private List<Value> product(Node node, List<Value> operands, GraphBuilder into) {
    String weight = WeightSite.isContraction(node) ? multiplied.get(node.operand(1)) : null;
    if (weight == null || !(storages.get(weight).inputs() instanceof Storage.Inputs.Fixed)) {
      return null;
    }
    DType dtype = operands.get(0).tensor().dtype();
    LearnedRange.Parameters range =
        ranges.computeIfAbsent(weight, name -> LearnedRange.parameters(into, name, dtype));
    Value felt = LearnedRange.rounded(into, range, operands.get(0));
    return into.copy(node, List.of(felt, operands.get(1)));
  }

  private Value rounded(String name, Value weight, Storage.Integers storage) {
    TensorType type = weight.tensor();
    List<Dim> grouped = type.shape();
    List<Dim> scales = new ArrayList<>(Collections.nCopies(type.rank(), Dim.ONE));
    if (storage.axis() >= 0) {
      scales.set(storage.axis(), type.dim(storage.axis()));
    }
    if (storage.group() > 0) {
      Dim size = Dim.constant(storage.group());
      Dim groups = type.dim(0).dividedExactly(size);
      grouped = List.of(groups, size, type.dim(1));
      scales = List.of(groups, Dim.ONE, type.dim(1));
    }
    Value learned = builder.input(logScaleOf(name), Role.PARAMETER, type.withShape(scales));
    Value exact = Exp.of(builder, learned);
    Value stored = Cast.of(builder, Cast.of(builder, exact, DType.BF16), type.dtype());
    Value scale = StraightThrough.of(builder, stored, exact);
    double most = (1 << (storage.bits() - 1)) - 1;
    Value steps = Divide.of(builder, Reshape.of(builder, weight, grouped), scale);
    Value held = Clamp.of(builder, steps, -most, most);
    Value whole = StraightThrough.of(builder, Round.of(builder, held), held);
    return Reshape.of(builder, Multiply.of(builder, whole, scale), type.shape());
  }
}
