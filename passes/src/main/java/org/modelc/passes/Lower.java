package org.modelc.passes;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelProgram.Parameter;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.op.Literal;
import org.modelc.ir.op.Lowering;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.PrimitiveOp;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Lowers a graph to kernels: each op emits its own. An output is written where it is computed; it
 * is copied only if it is an input, a constant, a second name of another output or a view of one.
 */
public final class Lower {
  private final Graph graph;
  private final Target target;
  private final UniqueNames bufferNames = new UniqueNames();
  private final UniqueNames kernelNames = new UniqueNames();
  private final Map<Value, Buffer> buffers = new IdentityHashMap<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<Buffer> temporaries = new ArrayList<>();
  private final Map<Buffer, Buffer> aliases = new LinkedHashMap<>();
  private final Map<Buffer, Literal> literals = new LinkedHashMap<>();
  private final List<Kernel> kernels = new ArrayList<>();

  private Lower(Graph graph, Target target) {
    this.graph = graph;
    this.target = target;
  }

  /** The graph's kernels for a backend that claims nothing, unfused and without a memory plan. */
  public static KernelProgram lower(Graph graph) {
    return lower(graph, Target.PLAIN);
  }

  /** The graph's kernels, unfused and without a memory plan. */
  public static KernelProgram lower(Graph graph, Target target) {
    return new Lower(graph, target).run();
  }

  private KernelProgram run() {
    for (Graph.Input input : graph.inputs()) {
      Buffer buffer = newBuffer(input.name(), input.value());
      buffers.put(input.value(), buffer);
      parameters.add(new Parameter(input.name(), buffer, input.role(), null));
    }
    Map<Graph.Output, Buffer> copied = declareOutputs();
    graph.nodes().forEach(this::node);
    copied.forEach((output, target) -> copy(buffers.get(output.value()), target, output.value()));
    return new KernelProgram(
        graph.name(),
        dims(),
        graph.bounds(),
        parameters,
        temporaries,
        aliases,
        literals,
        kernels,
        null);
  }

  /** Declares output buffers; gives those that no node writes directly. */
  private Map<Graph.Output, Buffer> declareOutputs() {
    Map<Graph.Output, Buffer> copied = new LinkedHashMap<>();
    for (Graph.Output output : graph.outputs()) {
      Buffer buffer = newBuffer(output.name(), output.value());
      parameters.add(new Parameter(output.name(), buffer, Role.OUTPUT, output.updates()));
      if (buffers.containsKey(output.value())) {
        copied.put(output, buffer);
      } else {
        buffers.put(output.value(), buffer);
      }
    }
    return copied;
  }

  private List<String> dims() {
    TreeSet<String> dims = new TreeSet<>();
    for (Graph.Input input : graph.inputs()) {
      input.value().tensor().shape().forEach(dim -> dims.addAll(dim.symbols()));
    }
    buffers.values().forEach(buffer -> dims.addAll(buffer.size().symbols()));
    return List.copyOf(dims);
  }

  private Buffer newBuffer(String wish, Value value) {
    return Buffer.of(bufferNames.next(wish), value.tensor());
  }

  private Buffer newTemporary(String wish, Value value) {
    Buffer buffer = newBuffer(wish, value);
    temporaries.add(buffer);
    return buffer;
  }

  private boolean isOutput(Buffer buffer) {
    return parameters.stream()
        .anyMatch(
            parameter -> parameter.role() == Role.OUTPUT && parameter.buffer().equals(buffer));
  }

  @SuppressWarnings("unchecked")
  private void node(Node node) {
    String wish = wish(node);
    for (Value result : node.results()) {
      buffers.computeIfAbsent(result, value -> newTemporary(wish, value));
    }
    NodeLowering lowering = new NodeLowering(node, wish);
    if (node.op() instanceof CompositeOp<?> claimed) {
      lowering.whole(claimed);
    } else {
      ((PrimitiveOp<Record>) node.op()).lower(lowering);
    }
  }

  private static String wish(Node node) {
    String hint = node.results().isEmpty() ? "" : node.results().get(0).hint();
    OpDef<?> op = node.op();
    return hint.isEmpty() ? op.name() : hint.endsWith(op.name()) ? hint : hint + "." + op.name();
  }

  private void copy(Buffer from, Buffer to, Value value) {
    List<Axis> axes = axesOver(to.shape());
    List<Expr> index = Lowering.index(axes);
    LoopNest.Store store = new LoopNest.Store(to, index, new Expr.Load(from, index));
    String name = kernelNames.next(to.name() + ".copy");
    kernels.add(new LoopNest(name, axes, List.of(), List.of(), List.of(store), value.origin()));
  }

  private static List<Axis> axesOver(List<Dim> shape) {
    List<Axis> axes = new ArrayList<>();
    for (Dim dim : shape) {
      axes.add(new Axis("i" + axes.size(), dim));
    }
    return axes;
  }

  private Buffer storage(Buffer buffer) {
    return aliases.getOrDefault(buffer, buffer);
  }

  private void alias(Buffer result, Buffer operand, Node node) {
    Buffer owner = storage(operand);
    if (!isOutput(result)) {
      temporaries.remove(result);
      aliases.put(result, owner);
    } else if (temporaries.contains(owner) && !literals.containsKey(owner)) {
      aliases.replaceAll((view, of) -> of.equals(owner) ? result : of);
      aliases.put(owner, result);
      temporaries.remove(owner);
    } else {
      Buffer view =
          new Buffer(bufferNames.next(result.name() + ".view"), result.dtype(), result.shape());
      aliases.put(view, owner);
      copy(view, result, node.results().get(0));
    }
  }

  private void literal(Buffer result, Literal data, Node node) {
    Buffer owner = result;
    if (isOutput(result)) {
      owner = newTemporary(result.name() + ".literal", node.results().get(0));
      copy(owner, result, node.results().get(0));
    }
    literals.put(owner, data);
  }

  /** Emits one node's kernels. */
  private final class NodeLowering implements Lowering<Record> {
    private final Node node;
    private final String wish;
    private final List<SourceSpan> origin;
    private int axisCount;

    NodeLowering(Node node, String wish) {
      this.node = node;
      this.wish = wish;
      this.origin = node.results().isEmpty() ? List.of() : node.results().get(0).origin();
    }

    /** What the target claims stays one kernel; the pass manager has expanded all else. */
    private void whole(CompositeOp<?> op) {
      if (!target.claims(node)) {
        throw new IllegalStateException(
            op.name()
                + " in "
                + graph.name()
                + " is neither expanded nor claimed by "
                + target.name());
      }
      String name = kernelNames.next(wish);
      kernels.add(new OpKernel(name, op, attributes(), operands(), results(), origin));
    }

    @Override
    public Record attributes() {
      return node.attributes();
    }

    @Override
    public List<Buffer> operands() {
      return node.operands().stream().map(buffers::get).toList();
    }

    @Override
    public List<Buffer> results() {
      return node.results().stream().map(buffers::get).toList();
    }

    @Override
    public List<Axis> axes(List<Dim> shape) {
      List<Axis> axes = new ArrayList<>();
      for (Dim dim : shape) {
        axes.add(new Axis("i" + axisCount++, dim));
      }
      return axes;
    }

    @Override
    public Buffer temporary(org.modelc.runtime.spec.DType dtype, List<Dim> shape) {
      Buffer buffer = new Buffer(bufferNames.next(wish + ".part"), dtype, shape);
      temporaries.add(buffer);
      return buffer;
    }

    @Override
    public void elementwise(List<Axis> parallel, Buffer target, List<Expr> index, Expr value) {
      nest(parallel, List.of(), List.of(), List.of(new LoopNest.Store(target, index, value)));
    }

    @Override
    public void nest(
        List<Axis> parallel,
        List<Axis> reduce,
        List<LoopNest.Reduction> reductions,
        List<LoopNest.Store> stores) {
      String name = kernelNames.next(wish);
      kernels.add(new LoopNest(name, parallel, reduce, reductions, stores, origin));
    }

    @Override
    public void statements(org.modelc.ir.kernel.Stmt body) {
      String name = kernelNames.next(wish);
      kernels.add(new org.modelc.ir.kernel.StatementKernel(name, body, origin, List.of()));
    }

    @Override
    public void alias(Buffer result, Buffer operand) {
      Lower.this.alias(result, operand, node);
    }

    @Override
    public void literal(Buffer result, Literal data) {
      Lower.this.literal(result, data, node);
    }
  }
}
