package org.modelc.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.workers.Cohort;

/**
 * Programs over one set of tensors. A program {@code p.prepare} is run before {@code p} is first
 * called, and again once the tensors have changed; {@code p} reads its outputs as constants.
 */
public final class ProgramSet {
  /** Finds the compiled code of a program. */
  public interface Code {
    CompiledProgram of(ProgramAbi abi);
  }

  private final Map<String, ProgramAbi> abis = new LinkedHashMap<>();
  private final Map<String, Program> programs = new HashMap<>();
  private final Map<String, Frame> prepares = new HashMap<>();
  private final Map<String, Map<String, Tensor>> bindings = new HashMap<>();
  private final Map<String, Tensor> tensors;
  private final Code code;

  /**
   * A set of programs.
   *
   * @param code gives the code of a program when it is first used
   * @param tensors parameters, states, optimiser buffers and shipped constants by name
   */
  public ProgramSet(List<ProgramAbi> abis, Code code, Map<String, Tensor> tensors) {
    for (ProgramAbi abi : abis) {
      this.abis.put(abi.name(), abi);
    }
    this.code = code;
    this.tensors = tensors;
  }

  public boolean has(String name) {
    return abis.containsKey(name);
  }

  /** Where the code of programs is found. */
  public Code code() {
    return code;
  }

  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /**
   * A program by name.
   *
   * @throws ModelcException with the nearest name, if there is none
   */
  public synchronized Program program(String name) {
    Program program = programs.get(name);
    if (program == null) {
      ProgramAbi abi = abis.get(name);
      if (abi == null) {
        throw new ModelcException(
            "the model has no program `" + name + "`",
            NearestName.hint(name, new ArrayList<>(abis.keySet())));
      }
      program = new Program(abi, code.of(abi));
      programs.put(name, program);
    }
    return program;
  }

  /** A new frame of a program, its constants prepared, whose calls run on the caller's thread. */
  public Frame frame(String name) {
    return frame(name, new Cohort(null, 1));
  }

  /** A new frame of a program, its constants prepared, whose calls are shared by workers. */
  public synchronized Frame frame(String name, Cohort cohort) {
    Map<String, Tensor> bound = bindings.get(name);
    if (bound == null) {
      bound = has(name + ".prepare") ? prepared(name) : tensors;
      bindings.put(name, bound);
    }
    return new Frame(program(name), bound, cohort);
  }

  private Map<String, Tensor> prepared(String name) {
    Frame frame = new Frame(program(name + ".prepare"), tensors);
    frame.run();
    prepares.put(name, frame);
    Map<String, Tensor> bound = new HashMap<>(tensors);
    Program prepare = frame.program();
    for (int position : prepare.positions(Role.OUTPUT)) {
      Buffer buffer = prepare.abi().buffers().get(position);
      List<Integer> shape = new ArrayList<>();
      for (int i = 0; i < buffer.shape().size(); i++) {
        shape.add(buffer.shape().get(i).intValue());
      }
      bound.put(buffer.name(), new Tensor(buffer.dtype(), shape, frame.array(position)));
    }
    return bound;
  }

  /**
   * Prepares constants anew: frames that exist see the new values. Not while another thread runs
   * one.
   */
  public synchronized void tensorsChanged() {
    for (Frame prepare : prepares.values()) {
      prepare.run();
    }
  }
}
