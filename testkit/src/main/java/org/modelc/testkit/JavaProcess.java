package org.modelc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A process that a test starts with a Java: what it says, errors among it, and how it ends. */
public final class JavaProcess {
  private final ProcessBuilder builder;

  /** How a process ended. */
  public record End(int status, String said) {
    public List<String> lines() {
      return said.lines().toList();
    }
  }

  private JavaProcess(Path home, List<?> arguments) {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
    arguments.forEach(argument -> command.add(argument.toString()));
    builder = new ProcessBuilder(command).redirectErrorStream(true);
  }

  /** By the Java that runs the test. */
  public static JavaProcess of(Object... arguments) {
    return new JavaProcess(home(), List.of(arguments));
  }

  /** By the Java of a folder. */
  public static JavaProcess of(Path home, List<?> arguments) {
    return new JavaProcess(home, arguments);
  }

  /** Where the Java that runs the test lies. */
  public static Path home() {
    return Path.of(System.getProperty("java.home"));
  }

  /** The JDKs beside this one that can compile a program. */
  public static List<Path> homes() throws IOException {
    try (Stream<Path> homes = Files.list(home().getParent())) {
      return homes.filter(each -> Files.exists(each.resolve("bin/javac"))).toList();
    }
  }

  /** Compiles a file with nothing but a class path; javac's messages go to the console. */
  public static void compile(Path source, Path classPath, Path output, String... options) {
    List<String> words = new ArrayList<>(List.of(options));
    words.addAll(List.of("-cp", classPath.toString(), "-d", output.toString(), source.toString()));
    int status =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, words.toArray(String[]::new));
    assertThat(status).as("compiling %s", source).isZero();
  }

  /** What the class of a file prints that is compiled and run with nothing but a jar. */
  public static String printed(Path source, Path jar, String... options)
      throws IOException, InterruptedException {
    Path folder = source.getParent();
    compile(source, jar, folder, options);
    String type = source.getFileName().toString().replace(".java", "");
    return of("-cp", jar + File.pathSeparator + folder, type).in(folder).output();
  }

  /** In a working folder. */
  public JavaProcess in(Path folder) {
    builder.directory(folder.toFile());
    return this;
  }

  /** What the process has for its environment, to be changed before it is started. */
  public Map<String, String> environment() {
    return builder.environment();
  }

  /** Runs it to its end. */
  public End run() throws IOException, InterruptedException {
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new End(process.waitFor(), said);
  }

  /** What it says; it has to end well. */
  public String output() throws IOException, InterruptedException {
    End end = run();
    assertThat(end.status()).as(end.said()).isZero();
    return end.said();
  }
}
