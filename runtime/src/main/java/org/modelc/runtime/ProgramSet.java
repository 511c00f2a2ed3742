package org.modelc.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.workers.Cohort;

/**
 * Programs over one set of tensors. A program {@code p.prepare} is run before {@code p} is first
 * called, and again once the tensors have changed; {@code p} reads its outputs as constants.
 */
public final class ProgramSet {
  /** Finds the compiled code of a model's programs; all of one backend. */
  public interface Code {
    /** The backend's name in manifests and checkpoints, where there is no other. */
    String JVM = "jvm";

    CompiledProgram of(ProgramAbi abi);

    /** How the programs of a model are called; backends differ in packing and workspace. */
    default List<ProgramAbi> abis(ModelManifest manifest) {
      return manifest.programs();
    }

    /**
     * What fixes the bits of results: the backend, and for native code the instruction-set level.
     */
    default String backend() {
      return JVM;
    }

    /** A tensor of these values where the programs can work on it; the same one if they can. */
    default Tensor placed(Tensor tensor) {
      return tensor;
    }

    /** The memory of one caller's calls of a program. */
    default Frame frame(Program program, Map<String, Tensor> tensors, Cohort cohort) {
      return Frame.of(program, tensors, cohort);
    }
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
   * @param tensors parameters, states, optimiser buffers and shipped constants by name; not copied,
   *     unless the code cannot work on them where they are
   */
  public ProgramSet(ModelManifest manifest, Code code, Map<String, Tensor> tensors) {
    for (ProgramAbi abi : code.abis(manifest)) {
      this.abis.put(abi.name(), abi);
    }
    this.code = code;
    this.tensors = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      this.tensors.put(entry.getKey(), code.placed(entry.getValue()));
    }
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
    return code.frame(program(name), bound, cohort);
  }

  private Map<String, Tensor> prepared(String name) {
    Frame frame = code.frame(program(name + ".prepare"), tensors, new Cohort(null, 1));
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
      bound.put(buffer.name(), frame.tensor(position, shape));
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
