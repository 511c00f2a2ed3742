package org.modelc.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * A program that works row by row: all its inputs, and the outputs that are no updates, begin with
 * the same dynamic dim.
 */
public final class RowFunction {
  private final Program program;
  private final String rows;
  private final int[] inputs;
  private final int[] outputs;

  /**
   * A program as a function of rows.
   *
   * @throws ModelcException if inputs do not all begin with one dynamic dim
   */
  public RowFunction(Program program) {
    this.program = program;
    this.inputs = program.positions(Role.INPUT);
    this.rows = rowsDim(program, inputs);
    this.outputs = plainOutputs(program);
  }

  private static String rowsDim(Program program, int[] inputs) {
    Dim rows = null;
    for (int position : inputs) {
      Buffer buffer = program.abi().buffers().get(position);
      Dim first = buffer.shape().isEmpty() ? Dim.ONE : buffer.shape().get(0);
      boolean single = !first.isStatic() && first.equals(Dim.symbol(first.toString()));
      if (!single || (rows != null && !rows.equals(first))) {
        throw new ModelcException(
            "function `"
                + program.abi().name()
                + "` does not take rows: its input `"
                + buffer.name()
                + "` is "
                + buffer.dtype()
                + buffer.shape(),
            "rows need one dynamic dim, such as B, first in every input");
      }
      rows = first;
    }
    if (rows == null) {
      throw new ModelcException("function `" + program.abi().name() + "` has no inputs");
    }
    return rows.toString();
  }

  private static int[] plainOutputs(Program program) {
    List<Integer> plain = new ArrayList<>();
    for (int position : program.positions(Role.OUTPUT)) {
      if (program.abi().buffers().get(position).updates() == null) {
        plain.add(position);
      }
    }
    int[] outputs = new int[plain.size()];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = plain.get(i);
    }
    return outputs;
  }

  public Program program() {
    return program;
  }

  /** The name of the dim that counts rows. */
  public String rows() {
    return rows;
  }

  /** The inputs with the sizes of their rows. */
  public List<RowInputs.Input> inputs() {
    List<RowInputs.Input> list = new ArrayList<>();
    for (int position : inputs) {
      Buffer buffer = program.abi().buffers().get(position);
      Dim row = Dim.ONE;
      for (int i = 1; i < buffer.shape().size(); i++) {
        row = row.times(buffer.shape().get(i));
      }
      if (!row.isStatic()) {
        throw new ModelcException(
            "input `"
                + buffer.name()
                + "` "
                + buffer.dtype()
                + buffer.shape()
                + " has rows of no fixed size");
      }
      list.add(new RowInputs.Input(buffer.name(), buffer.dtype(), row.intValue()));
    }
    return list;
  }

  /** The positions of the inputs in the program's buffers. */
  public int[] inputPositions() {
    return inputs;
  }

  /** Room for the results of so many rows, by name. */
  public Map<String, Tensor> newResults(int count) {
    Map<String, Tensor> results = new LinkedHashMap<>();
    for (int position : outputs) {
      Buffer buffer = program.abi().buffers().get(position);
      List<Integer> shape = new ArrayList<>();
      for (Dim dim : buffer.shape()) {
        shape.add((int) dim.evaluate(Map.of(rows, count)));
      }
      results.put(buffer.name(), Tensor.zeros(buffer.dtype(), shape));
    }
    return results;
  }

  /**
   * Runs rows and stores their results.
   *
   * @param arrays the inputs' arrays, in order; may be longer than the rows take
   * @param count the number of rows
   * @param results as made by {@link #newResults}
   * @param from the first row's place among the results
   */
  public void run(Frame frame, Object[] arrays, int count, Map<String, Tensor> results, int from) {
    for (int i = 0; i < inputs.length; i++) {
      frame.bind(inputs[i], arrays[i]);
    }
    frame.dim(rows, count);
    frame.run();
    for (int position : outputs) {
      int size = frame.size(position);
      Tensor target = results.get(program.abi().buffers().get(position).name());
      System.arraycopy(frame.array(position), 0, target.values(), from * (size / count), size);
    }
  }
}
