package org.modelc.compiler;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.modelc.codegen.cuda.CudaBackend;
import org.modelc.codegen.cuda.EmittedCudaProgram;
import org.modelc.codegen.cuda.Roofline;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.program.NativeBuild;
import org.modelc.compiler.program.ProgramStages;
import org.modelc.compiler.program.TargetKernels;
import org.modelc.dsl.ast.AstPrinter;
import org.modelc.dsl.parse.ParseResult;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.NearestName;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.SpecCodec;
import org.modelc.runtime.spec.TensorSpec;

/** Any stage of a model's way through the compiler, as text. */
public final class Inspection {
  /** What dims that calls bind are taken for where a number is wanted. */
  private static final int ASSUMED_DIM = 16;

  /** What can be shown. */
  public enum Stage {
    SUMMARY,
    AST,
    GRAPH,
    OPTIMIZED,
    PASSES,
    KERNELS,
    JAVA,
    MEMORY,
    LLVM,
    CUDA,
    COMPRESSION;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Compiles when a stage needs it. */
  private interface Compiling {
    Compilation compile();
  }

  private final ModelSource source;
  private final Compiling compiling;

  private Inspection(ModelSource source, Compiling compiling) {
    this.source = source;
    this.compiling = compiling;
  }

  /** Inspects a model file; its data is read for what is learned from it. */
  public static Inspection of(ModelSource source, CompileOptions options) {
    return new Inspection(source, () -> Compiler.compile(source, options));
  }

  /** Inspects a jar by compiling its model file anew, with what the jar says was learned. */
  public static Inspection of(ModelArchive jar) {
    String name = jar.model().manifest().name();
    ModelSource source = ModelSource.of(name + ".model", jar.source(), Path.of(""));
    return new Inspection(source, () -> Compiler.recompile(jar));
  }

  /**
   * Texts by program; by what they are, where a stage is not of programs.
   *
   * @param program the only program wanted; null for all
   * @throws ModelcException with the nearest name, if there is no such program
   */
  public Map<String, String> show(Stage stage, String program) {
    return switch (stage) {
      case AST -> Map.of("ast", ast());
      case SUMMARY -> Map.of("summary", summary(compiling.compile().manifest()));
      case GRAPH -> each(program, stages -> stages.graph().toString());
      case OPTIMIZED -> each(program, stages -> stages.optimized().toString());
      case PASSES -> each(program, Inspection::passes);
      case KERNELS -> each(program, stages -> stages.kernels().toString());
      case JAVA -> java(program);
      case MEMORY -> each(program, Inspection::memory);
      case LLVM -> llvm(program);
      case COMPRESSION ->
          throw new ModelcException(
              "the compression stage is shown of a jar", "modelc train makes one");
      case CUDA -> each(program, Inspection::cuda);
    };
  }

  private String ast() {
    ParseResult parsed = SourceParser.parse(source.text());
    if (!parsed.isComplete()) {
      throw new DiagnosticException(parsed.diagnostics());
    }
    return AstPrinter.print(parsed.file());
  }

  private Map<String, String> each(String program, Function<ProgramStages, String> text) {
    return each(compiling.compile(), program, text);
  }

  /** A program's {@code prepare} program belongs to it. */
  private static Map<String, String> each(
      Compilation compilation, String program, Function<ProgramStages, String> text) {
    Map<String, String> texts = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    for (ProgramStages stages : compilation.stages()) {
      names.add(stages.name());
      boolean wanted =
          program == null
              || stages.name().equals(program)
              || stages.name().equals(program + ".prepare");
      if (wanted) {
        texts.put(stages.name(), text.apply(stages));
      }
    }
    if (texts.isEmpty()) {
      throw new ModelcException(
          "model " + compilation.model().name() + " has no program `" + program + "`",
          NearestName.hint(program, names));
    }
    return texts;
  }

  private static String passes(ProgramStages stages) {
    return stages.passes().stream()
        .map(report -> "  " + report)
        .collect(Collectors.joining("\n", stages.name() + ":\n", "\n"));
  }

  private Map<String, String> java(String program) {
    Compilation compilation = compiling.compile();
    Map<String, String> texts = new LinkedHashMap<>();
    if (program == null) {
      texts.put(compilation.model().name(), compilation.typedSource());
    }
    texts.putAll(each(compilation, program, stages -> stages.emitted().source()));
    return texts;
  }

  /** The text is the same on every machine: of one level, whatever the host has. */
  private Map<String, String> llvm(String program) {
    Compilation compilation = compiling.compile();
    Map<String, String> emitted = new LinkedHashMap<>();
    for (EmittedNativeProgram each :
        NativeBuild.of(compilation.programs()).emitted(IsaLevel.X86_64_V3)) {
      emitted.put(each.abi().name(), each.llvm());
    }
    return each(compilation, program, stages -> emitted.get(stages.name()));
  }

  /** The text for every device, then what an H100 needs at least for text of its own. */
  private static String cuda(ProgramStages stages) {
    StringBuilder text = new StringBuilder();
    for (KernelProgram kernels : cudaKernels(stages)) {
      EmittedCudaProgram program =
          new CudaBackend().emit(kernels, kernels.name(), TargetDescription.PORTABLE);
      text.append(program.listing()).append('\n').append(roofline(kernels));
    }
    return text.toString();
  }

  /** The kernels of the program itself, which may share a graph with one that prepares it. */
  private static List<KernelProgram> cudaKernels(ProgramStages stages) {
    return TargetKernels.of(List.of(stages), TargetKernels.CUDA).stream()
        .filter(kernels -> kernels.name().equals(stages.name()))
        .toList();
  }

  private static String roofline(KernelProgram kernels) {
    Roofline.Device device = Roofline.Device.H100;
    EmittedCudaProgram program =
        new CudaBackend().emit(kernels, kernels.name(), new TargetDescription(90));
    Map<String, Integer> dims = new LinkedHashMap<>();
    program.abi().dims().forEach(dim -> dims.put(dim, ASSUMED_DIM));
    String table = Roofline.table(Roofline.of(program, dims, device), device);
    String assumed = dims.isEmpty() ? "" : " for " + dims;
    return ("roofline of the text for sm_90" + assumed + "\n" + table)
            .lines()
            .map(line -> "// " + line)
            .collect(Collectors.joining("\n"))
        + "\n";
  }

  private static String memory(ProgramStages stages) {
    ProgramAbi abi = stages.emitted().abi();
    StringBuilder text = new StringBuilder();
    text.append(abi.name()).append(": ").append(abi.peakBytes()).append(" bytes of workspace\n");
    for (ProgramAbi.Buffer buffer : abi.buffers()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %-10s %-5s %-24s %s%s%n",
              buffer.role().name().toLowerCase(Locale.ROOT),
              buffer.dtype(),
              buffer.shape(),
              buffer.name(),
              buffer.inPlace() ? " (in place of " + buffer.updates() + ")" : ""));
    }
    return text.toString();
  }

  /** Parameters, functions, data and recipe. */
  public static String summary(ModelManifest manifest) {
    StringBuilder text = new StringBuilder("model " + manifest.name() + "\n");
    if (!manifest.doc().isBlank()) {
      text.append(manifest.doc().strip().indent(2));
    }
    long total = 0;
    text.append("\nparameters\n");
    for (TensorSpec parameter : manifest.parameters()) {
      long count =
          parameter.shape().stream().mapToLong(dim -> dim.value()).reduce(1, (a, b) -> a * b);
      total += count;
      String type = parameter.dtype() + parameter.shape().toString();
      text.append(String.format(Locale.ROOT, "  %-40s %-24s %,d%n", parameter.name(), type, count));
    }
    text.append(String.format(Locale.ROOT, "  %-65s %,d%n", "", total)).append("\nfunctions\n");
    for (FunctionSpec function : manifest.functions()) {
      text.append("  ").append(function.name()).append(tensors(function.inputs()));
      text.append(" -> ").append(tensors(function.outputs())).append('\n');
    }
    if (manifest.data() != null) {
      text.append("\ndata\n").append(SpecCodec.write(manifest.data()).indent(2));
    }
    if (manifest.recipe() != null) {
      text.append("\nrecipe\n").append(SpecCodec.write(manifest.recipe()).indent(2));
    }
    return text.toString();
  }

  private static String tensors(List<TensorSpec> tensors) {
    return tensors.stream()
        .map(tensor -> tensor.name() + ": " + tensor.dtype() + tensor.shape())
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
