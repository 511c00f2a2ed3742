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
  private static final List<String> HEADERS =
      List.of("fiber.h", "fiber_math.h", "fiber_warp.h", "fiber_tensor.h", "fiber_runtime.h");
  private static final List<String> SOURCES =
      List.of("fiber.cpp", "fiber_switch.cpp", "fiber_kernels.cpp");
  private static final String PROGRAM = "fiber_main.cpp";
  private static final String LIBRARY = "fiber_library.cpp";

  /** No contraction, as device code is compiled with {@code -fmad=false}. */
  private static final List<String> OPTIONS =
      List.of("-std=gnu++17", "-g1", "-march=native", "-ffp-contract=off", "-pthread", "-fPIC");

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
    copy(PROGRAM);
    copy(LIBRARY);
  }

  private void copy(String name) throws IOException {
    try (InputStream source = FiberCompiler.class.getResourceAsStream(name)) {
      Files.write(folder.resolve(name), source.readAllBytes());
    }
  }

  /** Whether this machine has the compiler ({@code -Dmodelc.gxx=PATH} names another than g++). */
  public static boolean isAvailable() {
    return HostCompiler.isAvailable();
  }

  /**
   * Compiles a text.
   *
   * @param text CUDA C++ with {@code extern "C" __global__} kernels, keeping to the page's rules
   * @throws IOException if g++ refuses it; the message has what it said
   */
  public FiberProgram compile(String text, FiberChecks checks) throws IOException {
    List<Path> runtime = new ArrayList<>(runtime(checks));
    runtime.add(object(PROGRAM, checks));
    List<String> command = command(checks);
    return new FiberProgram(link(text, runtime, command, "program"));
  }

  /**
   * Compiles a text to a shared library, whose kernels a process runs itself.
   *
   * @throws IOException if g++ refuses it; the message has what it said
   */
  public Path library(String text) throws IOException {
    List<Path> runtime = new ArrayList<>(runtime(FiberChecks.NONE));
    runtime.add(object(LIBRARY, FiberChecks.NONE));
    List<String> command = command(FiberChecks.NONE);
    // A model's whole text is large, and what runs it small.
    command.addAll(List.of("-shared", "-O1"));
    return link(text, runtime, command, "kernels.so");
  }

  private Path link(String text, List<Path> runtime, List<String> command, String name)
      throws IOException {
    Path own = Files.createDirectories(folder.resolve("program" + programs++));
    Path source = Files.writeString(own.resolve("kernels.cpp"), translated(text));
    Path result = own.resolve(name);
    command.addAll(List.of("-Wno-unknown-pragmas", "-I", folder.toString(), "-include", "fiber.h"));
    command.add(source.toString());
    runtime.forEach(part -> command.add(part.toString()));
    command.addAll(List.of("-o", result.toString()));
    HostCompiler.run(command, "the kernels");
    return result;
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
    List<String> command = new ArrayList<>(OPTIONS);
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
      objects.add(object(name, checks));
    }
    runtimes.put(checks, objects);
    return objects;
  }

  private Path object(String name, FiberChecks checks) throws IOException {
    Path object = folder.resolve(checks + "-" + name + ".o");
    if (!Files.exists(object)) {
      List<String> command = command(checks);
      command.addAll(List.of("-c", folder.resolve(name).toString(), "-o", object.toString()));
      HostCompiler.run(command, "the runtime");
    }
    return object;
  }
}
