package org.modelc.compiler.program;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.codegen.jvm.EmittedProgram.PooledConstant;
import org.modelc.codegen.jvm.JavaCompilation;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.ProgramSet;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi;

/** A model's programs as class files, with the constants they share. */
public final class CompiledPrograms implements ProgramSet.Code {
  private final List<ProgramStages> programs;
  private final Map<String, byte[]> classes;
  private final Map<String, Tensor> constants;
  private final ClassLoader loader;

  private CompiledPrograms(List<ProgramStages> programs, Map<String, byte[]> classes) {
    this.programs = List.copyOf(programs);
    this.classes = classes;
    this.constants = constants(programs);
    this.loader = new MemoryLoader(classes);
  }

  /**
   * Compiles the programs' sources and others in one call.
   *
   * @param others further sources by binary name: the typed class
   */
  public static CompiledPrograms of(List<ProgramStages> programs, Map<String, String> others) {
    Map<String, String> sources = new TreeMap<>(others);
    programs.forEach(each -> sources.put(each.emitted().abi().symbol(), each.emitted().source()));
    return new CompiledPrograms(programs, JavaCompilation.compile(sources));
  }

  /** Every program with its stages, in order. */
  public List<ProgramStages> programs() {
    return programs;
  }

  /** How each program is called. */
  public List<ProgramAbi> abis() {
    return programs.stream().map(each -> each.emitted().abi()).toList();
  }

  /** Class files by binary name. */
  public Map<String, byte[]> classes() {
    return classes;
  }

  /** Constants of the programs' pools by name, to be shipped with the parameters. */
  public Map<String, Tensor> constants() {
    return constants;
  }

  @Override
  public CompiledProgram of(ProgramAbi abi) {
    try {
      Class<?> type = Class.forName(abi.symbol(), true, loader);
      return (CompiledProgram) type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException broken) {
      throw new IllegalStateException("generated class " + abi.symbol(), broken);
    }
  }

  private static Map<String, Tensor> constants(List<ProgramStages> programs) {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    for (ProgramStages program : programs) {
      for (PooledConstant constant : program.emitted().constants()) {
        constants.put(constant.buffer(), tensor(program.emitted().abi(), constant));
      }
    }
    return constants;
  }

  private static Tensor tensor(ProgramAbi abi, PooledConstant constant) {
    ProgramAbi.Buffer buffer =
        abi.buffers().stream()
            .filter(each -> each.name().equals(constant.buffer()))
            .findFirst()
            .orElseThrow();
    List<Integer> shape = buffer.shape().stream().map(dim -> dim.intValue()).toList();
    int size = Math.toIntExact(Tensor.size(shape));
    Object values = Tensor.newArray(buffer.dtype(), size);
    double[] elements = constant.elements();
    for (int i = 0; i < size; i++) {
      store(buffer.dtype(), values, i, elements[elements.length == 1 ? 0 : i]);
    }
    return new Tensor(buffer.dtype(), shape, values);
  }

  private static void store(DType dtype, Object values, int index, double element) {
    switch (dtype) {
      case F32 -> ((float[]) values)[index] = (float) element;
      case F64 -> ((double[]) values)[index] = element;
      case I32 -> ((int[]) values)[index] = (int) element;
      case I64 -> ((long[]) values)[index] = (long) element;
      case I8, BOOL -> ((byte[]) values)[index] = (byte) element;
      case BF16 ->
          // Literals of bf16 hold values that bf16 represents, so cutting the low half is exact.
          ((short[]) values)[index] = (short) (Float.floatToRawIntBits((float) element) >>> 16);
    }
  }

  /** Defines classes from memory; the runtime's own come from the compiler's loader. */
  private static final class MemoryLoader extends ClassLoader {
    private final Map<String, byte[]> classes;

    MemoryLoader(Map<String, byte[]> classes) {
      super(CompiledProgram.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] bytes = classes.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
