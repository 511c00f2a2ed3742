package org.modelc.benchmarks.contest;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Programs with only a model's jar on their class path. */
enum JarProgram {
  /** As a user writes it: loads, predicts once, ends. */
  FIRST_PREDICTION(
      "FirstPrediction",
      """
      import java.nio.file.Files;
      import java.nio.file.Path;

      public final class FirstPrediction {
        public static void main(String[] arguments) throws java.io.IOException {
          models.Mlp model = models.Mlp.load();
          System.out.println(model.predict(new float[784]).logits()[0]);
          if (arguments.length > 0) {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
              if (line.startsWith("VmHWM")) {
                System.out.println(line);
              }
            }
          }
        }
      }
      """),
  /** Says how many milliseconds the native library takes: read, checked, written, loaded. */
  LIBRARY_LOAD(
      "LibraryLoad",
      """
      import java.io.InputStream;
      import java.nio.charset.StandardCharsets;
      import org.modelc.runtime.ModelFiles;
      import org.modelc.runtime.ModelResources;
      import org.modelc.runtime.nativecode.NativePrograms;
      import org.modelc.runtime.spec.ModelManifest;
      import org.modelc.runtime.spec.SpecCodec;

      public final class LibraryLoad {
        public static void main(String[] arguments) throws java.io.IOException {
          ClassLoader loader = LibraryLoad.class.getClassLoader();
          ModelManifest manifest;
          try (InputStream in = loader.getResourceAsStream(ModelResources.manifestOf("Mlp"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            manifest = SpecCodec.readManifest(text);
          }
          long start = System.nanoTime();
          ModelFiles files = ModelFiles.of(loader, manifest.crc32());
          NativePrograms.of("Mlp", manifest.nativeCode(), files, null).backend();
          System.out.println((System.nanoTime() - start) / 1e6);
        }
      }
      """);

  private final String mainClass;
  private final String source;

  JarProgram(String mainClass, String source) {
    this.mainClass = mainClass;
    this.source = source;
  }

  /**
   * Compiles the program.
   *
   * @param folder takes its class
   * @return what {@code java} is to be given to run it
   */
  List<String> compile(Path folder, Path jar) throws IOException {
    Path classes = Files.createDirectories(folder.resolve(mainClass));
    Path file = classes.resolve(mainClass + ".java");
    Files.writeString(file, source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int result =
        compiler.run(
            null, null, null, "-cp", jar.toString(), "-d", classes.toString(), file.toString());
    if (result != 0) {
      throw new IOException("javac ended with " + result);
    }
    return List.of("-cp", classes + File.pathSeparator + jar, mainClass);
  }
}
