package org.modelc.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.modelc.runtime.nativecode.NativePrograms;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.workers.WorkerPool;

/**
 * A model with its parameters: immutable, shared by any number of threads. {@link Session}s hold
 * what a call needs; {@link Predictor} goes from raw columns to results.
 */
public final class Model {
  /** What predictions need, or all. */
  private final ModelManifest manifest;

  /** Where the whole manifest is; null if this is it. */
  private final ModelResources resources;

  private final ProgramSet programs;

  /** Null for the one that all models share, which is made when it is first needed. */
  private final Executor executor;

  private final int threads;
  private final SessionPool pool;

  private Model(
      ModelManifest manifest,
      ModelResources resources,
      ProgramSet programs,
      Executor executor,
      int threads) {
    this.manifest = manifest;
    this.resources = resources;
    this.programs = programs;
    this.executor = executor;
    this.threads = threads;
    this.pool = new SessionPool(this, 2 * Runtime.getRuntime().availableProcessors());
  }

  private Model(
      ModelManifest manifest,
      ModelResources resources,
      Map<String, Tensor> tensors,
      ProgramSet.Code code) {
    this(
        manifest,
        resources,
        new ProgramSet(manifest, code, tensors),
        null,
        Runtime.getRuntime().availableProcessors());
  }

  /**
   * Loads a model from the resources beside a class.
   *
   * @param owner a class of the jar; what is not in that is asked of its class loader
   * @param name the model's name
   * @throws FormatException if the manifest or the parameters are missing, corrupt, or newer than
   *     this runtime
   */
  public static Model load(Class<?> owner, String name) {
    return load(ModelFiles.of(owner), name, null);
  }

  /**
   * Loads a model whose parameters are encrypted.
   *
   * @param key gives the 32 bytes of the key
   * @throws ModelcException if it is another key than the jar was made with
   */
  public static Model load(Class<?> owner, String name, Supplier<byte[]> key) {
    return load(ModelFiles.of(owner), name, key);
  }

  /** Loads a model from the resources of a class loader. */
  public static Model load(ClassLoader loader, String name) {
    return load(ModelFiles.of(loader, Map.of()), name, null);
  }

  private static Model load(ModelFiles files, String name, Supplier<byte[]> key) {
    ModelResources resources = new ModelResources(files, name, key);
    ModelManifest manifest = resources.start();
    ProgramSet.Code code =
        NativePrograms.of(name, manifest.nativeCode(), files.with(manifest.crc32()), resources);
    Map<String, Tensor> tensors = resources.tensors(manifest, code instanceof NativePrograms);
    return new Model(manifest, resources, tensors, code);
  }

  /**
   * A model in memory.
   *
   * @param tensors parameters, states and shipped constants by name; not copied, so not to be
   *     changed
   * @param code gives the code of each program
   * @throws ModelcException if a tensor of the manifest is missing or of another shape
   */
  public static Model of(
      ModelManifest manifest, Map<String, Tensor> tensors, ProgramSet.Code code) {
    ModelResources.checkTensors(manifest, tensors);
    return new Model(manifest, null, tensors, code);
  }

  /**
   * This model with another number of workers a call; parameters and code are shared.
   *
   * @param count the most threads of one call, the caller's among them; results do not depend on it
   */
  public Model withThreads(int count) {
    return new Model(manifest, resources, programs, executor, count);
  }

  /**
   * This model with its helpers taken from an executor; a busy one means that the caller runs
   * alone.
   */
  public Model withExecutor(Executor helpers) {
    return new Model(manifest, resources, programs, helpers, threads);
  }

  /** The most threads of one call. */
  public int threads() {
    return threads;
  }

  /** Null where the caller runs alone. */
  Executor executor() {
    return executor == null && threads > 1 ? WorkerPool.shared() : executor;
  }

  /**
   * This model with other tensors.
   *
   * @param tensors parameters, states and constants by name; not copied, so not to be changed
   * @throws ModelcException if a tensor of the manifest is missing or of another shape
   */
  public Model withTensors(Map<String, Tensor> tensors) {
    ModelResources.checkTensors(manifest, tensors);
    ProgramSet others = new ProgramSet(manifest, programs.code(), tensors);
    return new Model(manifest, resources, others, executor, threads);
  }

  /**
   * Everything that the jar says of the model; most of it is read when it is first asked for.
   *
   * @throws FormatException if what predictions do without cannot be read
   */
  public ModelManifest manifest() {
    return resources == null ? manifest : resources.manifest();
  }

  /** Functions, inputs and labels of the manifest, and programs: what predictions need. */
  ModelManifest start() {
    return manifest;
  }

  public ProgramSet programs() {
    return programs;
  }

  /**
   * Parameters, states and constants by name; their arrays are the model's own, to be read only.
   */
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(programs.tensors());
  }

  /**
   * An exported function.
   *
   * @throws ModelcException with the nearest name, if there is none
   */
  public FunctionSpec function(String name) {
    List<String> names = new ArrayList<>();
    for (FunctionSpec function : manifest.functions()) {
      if (function.name().equals(name)) {
        return function;
      }
      names.add(function.name());
    }
    throw new ModelcException(
        "model " + manifest.name() + " has no function `" + name + "`",
        NearestName.hint(name, names));
  }

  /** A session from the pool; give it back with {@link #release}, or keep it. */
  public Session acquire() {
    return pool.take();
  }

  /** Gives a session back for others to use. */
  public void release(Session session) {
    pool.give(session);
  }

  /** A session of the caller's own. */
  public Session newSession() {
    return new Session(this);
  }
}
