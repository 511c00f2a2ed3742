package org.modelc.passes;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.Node;
import org.modelc.ir.graph.Value;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.KernelProgram.Parameter;
import org.modelc.ir.op.Call;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.type.ValueType;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** What must hold of a program between passes. */
final class ProgramChecks {
  private ProgramChecks() {}

  /** Every value read is defined before, and nodes' types are those their ops infer. */
  static void check(Graph graph) {
    Set<Value> defined = Collections.newSetFromMap(new IdentityHashMap<>());
    graph.inputs().forEach(input -> defined.add(input.value()));
    for (Node node : graph.nodes()) {
      for (Value operand : node.operands()) {
        require(defined.contains(operand), node.op() + " uses " + operand + " before it is defined");
      }
      checkTypes(node);
      defined.addAll(node.results());
    }
    for (Graph.Output output : graph.outputs()) {
      require(defined.contains(output.value()), "output " + output.name() + " is never defined");
    }
  }

  @SuppressWarnings("unchecked")
  private static void checkTypes(Node node) {
    List<ValueType> operands = node.operands().stream().map(Value::type).toList();
    List<ValueType> results = node.results().stream().map(Value::type).toList();
    OpDef<Record> op = (OpDef<Record>) node.op();
    List<ValueType> inferred = op.infer(new Call<>(node.attributes(), operands, node.regions()));
    require(inferred.equals(results), op + " has results " + results + ", inferred " + inferred);
  }

  /**
   * Buffers' and kernels' names are unique; every buffer read is given by the caller, a literal or
   * written before; every output is written.
   */
  static void check(KernelProgram program) {
    Set<Buffer> defined = new HashSet<>(program.literals().keySet());
    for (Parameter parameter : program.parameters()) {
      if (parameter.role() != Role.OUTPUT) {
        defined.add(parameter.buffer());
      }
    }
    Set<String> names = new HashSet<>();
    for (Kernel kernel : program.kernels()) {
      require(names.add(kernel.name()), "two kernels are named " + kernel.name());
      Set<Buffer> writes = new HashSet<>(kernel.writes());
      for (Buffer read : kernel.reads()) {
        Buffer storage = program.storage(read);
        boolean known = defined.contains(storage) || writes.contains(storage);
        require(known, kernel.name() + " reads " + read + " before it is written");
      }
      writes.forEach(write -> defined.add(program.storage(write)));
    }
    for (Parameter parameter : program.parameters()) {
      require(defined.contains(parameter.buffer()), parameter.name() + " is never written");
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalStateException(message);
    }
  }
}
