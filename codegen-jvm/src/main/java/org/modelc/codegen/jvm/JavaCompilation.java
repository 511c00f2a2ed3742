package org.modelc.codegen.jvm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.ModelcException;

/** Compiles generated sources in memory, all in one call. */
public final class JavaCompilation {
  private static final int RELEASE = 17;

  private JavaCompilation() {}

  /**
   * Class files by binary name.
   *
   * @param sources compilation units by binary name of their public class
   * @throws IllegalStateException if the sources do not compile: a bug of ours
   * @throws ModelcException if this Java is a runtime without a compiler
   */
  public static Map<String, byte[]> compile(Map<String, String> sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new ModelcException(
          "this Java has no compiler: " + System.getProperty("java.home"),
          "models are compiled with javac; run with a JDK of version 17 or newer, not a JRE");
    }
    DiagnosticCollector<JavaFileObject> messages = new DiagnosticCollector<>();
    try (StandardJavaFileManager standard =
        compiler.getStandardFileManager(messages, Locale.ROOT, null)) {
      MemoryFiles files = new MemoryFiles(standard);
      List<JavaFileObject> units = new ArrayList<>();
      sources.forEach((name, text) -> units.add(new SourceFile(name, text)));
      List<String> options = new ArrayList<>(List.of("-proc:none", "-g:none", "-cp", classPath()));
      options.addAll(release());
      StringWriter rest = new StringWriter();
      if (!compiler.getTask(rest, files, messages, options, null, units).call()) {
        throw new IllegalStateException(failure(messages) + rest);
      }
      return files.classes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * Starts the Java compiler on another thread with next to nothing to compile, so that its own
   * classes are loaded by the time that there is: half of a first compilation is that.
   */
  public static void warmUp() {
    Thread thread = new Thread(() -> compile(Map.of("Nothing", "class Nothing {}")), "javac");
    thread.setDaemon(true);
    // A runtime without a compiler is told of where code is compiled.
    thread.setUncaughtExceptionHandler((failed, reason) -> {});
    thread.start();
  }

  /**
   * That very Java compiles for itself; looking up its older self takes a twentieth of a second.
   */
  private static List<String> release() {
    return Runtime.version().feature() == RELEASE
        ? List.of()
        : List.of("--release", String.valueOf(RELEASE));
  }

  /** Where generated code finds the runtime: the place this process loaded it from. */
  private static String classPath() {
    try {
      URI place = CompiledProgram.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      return java.nio.file.Path.of(place).toString();
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String failure(DiagnosticCollector<JavaFileObject> messages) {
    StringBuilder text = new StringBuilder("generated Java does not compile:\n");
    for (Diagnostic<? extends JavaFileObject> message : messages.getDiagnostics()) {
      text.append(message.getMessage(Locale.ROOT)).append('\n');
      if (message.getSource() instanceof SourceFile file && message.getLineNumber() > 0) {
        text.append("  ")
            .append(file.name)
            .append(':')
            .append(message.getLineNumber())
            .append(": ");
        text.append(line(file.text, message.getLineNumber())).append('\n');
      }
    }
    return text.toString();
  }

  private static String line(String text, long number) {
    return text.lines().skip(number - 1).findFirst().orElse("").strip();
  }

  private static final class SourceFile extends SimpleJavaFileObject {
    private final String name;
    private final String text;

    SourceFile(String name, String text) {
      super(URI.create("string:///" + name.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
      this.name = name;
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class ClassFile extends SimpleJavaFileObject {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ClassFile(String name) {
      super(URI.create("memory:///" + name.replace('.', '/') + Kind.CLASS.extension), Kind.CLASS);
    }

    @Override
    public OutputStream openOutputStream() {
      return bytes;
    }
  }

  private static final class MemoryFiles extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ClassFile> files = new TreeMap<>();

    MemoryFiles(JavaFileManager manager) {
      super(manager);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return files.computeIfAbsent(name, ClassFile::new);
    }

    Map<String, byte[]> classes() {
      Map<String, byte[]> classes = new TreeMap<>();
      files.forEach((name, file) -> classes.put(name, file.bytes.toByteArray()));
      return classes;
    }
  }
}
