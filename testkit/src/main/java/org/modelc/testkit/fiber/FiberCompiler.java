package org.modelc.testkit.fiber;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes programs of header-free CUDA C++ with g++. The runtime beside them is compiled once for
 * each kind of checks.
 */
public final class FiberCompiler {
  private static final String COMPILER = System.getProperty("modelc.gxx", "g++");
  private static final List<String> HEADERS =
      List.of("fiber.h", "fiber_math.h", "fiber_warp.h", "fiber_tensor.h", "fiber_runtime.h");
  private static final List<String> SOURCES =
      List.of("fiber.cpp", "fiber_switch.cpp", "fiber_main.cpp");

  /** No contraction, as device code is compiled with {@code -fmad=false}. */
  private static final List<String> OPTIONS =
      List.of("-std=gnu++17", "-g1", "-march=native", "-ffp-contract=off", "-pthread");

  private static final Pattern KERNEL =
      Pattern.compile(
          "extern\\s+\"C\"\\s+__global__\\s+void\\s+(?:__launch_bounds__\\s*\\([^)]*\\)\\s*)?(\\w+)\\s*\\(");
  private static final Pattern DYNAMIC =
      Pattern.compile(
          "extern\\s+__shared__\\s+(?:__align__\\s*\\(\\s*\\d+\\s*\\)\\s*)?"
              + "([\\w ]+?)\\s+(\\w+)\\s*\\[\\s*\\]\\s*;");

  private final Path folder;
  private final Map<FiberChecks, List<Path>> runtimes = new EnumMap<>(FiberChecks.class);
  private int programs;

  /**
   * Compiles into a folder.
   *
   * @throws IOException if the runtime's sources cannot be written there
   */
  public FiberCompiler(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    for (String name : HEADERS) {
      copy(name);
    }
    for (String name : SOURCES) {
      copy(name);
    }
  }

  private void copy(String name) throws IOException {
    try (InputStream source = FiberCompiler.class.getResourceAsStream(name)) {
      Files.write(folder.resolve(name), source.readAllBytes());
    }
  }

  /** Whether this machine has the compiler ({@code -Dmodelc.gxx=PATH} names another than g++). */
  public static boolean isAvailable() {
    try {
      return ChildProcess.run(List.of(COMPILER, "--version"), Map.of()).status() == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  /**
   * Compiles a text.
   *
   * @param text CUDA C++ with {@code extern "C" __global__} kernels, keeping to the page's rules
   * @throws IOException if g++ refuses it; the message has what it said
   */
  public FiberProgram compile(String text, FiberChecks checks) throws IOException {
    List<Path> runtime = runtime(checks);
    Path own = Files.createDirectories(folder.resolve("program" + programs++));
    Path source = Files.writeString(own.resolve("kernels.cpp"), translated(text));
    Path program = own.resolve("program");
    List<String> command = command(checks);
    command.addAll(List.of("-Wno-unknown-pragmas", "-I", folder.toString(), "-include", "fiber.h"));
    command.add(source.toString());
    runtime.forEach(object -> command.add(object.toString()));
    command.addAll(List.of("-o", program.toString()));
    build(command, "the kernels");
    return new FiberProgram(program);
  }

  /** Dynamic shared memory becomes a pointer, and each kernel is registered by its name. */
  private static String translated(String text) {
    String pointers = DYNAMIC.matcher(text).replaceAll("$1 *$2 = ($1 *)fiber_dynamic_shared();");
    StringBuilder result = new StringBuilder("#line 1 \"kernels.cu\"\n").append(pointers);
    Matcher kernel = KERNEL.matcher(text);
    result.append('\n');
    while (kernel.find()) {
      result.append("FIBER_KERNEL(").append(kernel.group(1)).append(")\n");
    }
    return result.toString();
  }

  private static List<String> command(FiberChecks checks) {
    List<String> command = new ArrayList<>(List.of(COMPILER));
    command.addAll(OPTIONS);
    command.addAll(checks.options());
    return command;
  }

  private List<Path> runtime(FiberChecks checks) throws IOException {
    List<Path> known = runtimes.get(checks);
    if (known != null) {
      return known;
    }
    List<Path> objects = new ArrayList<>();
    for (String name : SOURCES) {
      Path object = folder.resolve(checks + "-" + name + ".o");
      List<String> command = command(checks);
      command.addAll(List.of("-c", folder.resolve(name).toString(), "-o", object.toString()));
      build(command, "the runtime");
      objects.add(object);
    }
    runtimes.put(checks, objects);
    return objects;
  }

  private static void build(List<String> command, String what) throws IOException {
    ChildProcess.Ended ended = ChildProcess.run(command, Map.of());
    if (ended.status() != 0) {
      throw new IOException(COMPILER + " cannot compile " + what + ":\n" + ended.output());
    }
  }
}
