package org.modelc.benchmarks.contest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** A user's program with only a model's jar on its class path: loads, predicts once, ends. */
final class FirstPrediction {
  static final String NAME = "FirstPrediction";

  private static final String SOURCE =
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
      """;

  private FirstPrediction() {}

  /**
   * Compiles the program.
   *
   * @return the folder with its class
   */
  static Path compile(Path folder, Path jar) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("first-prediction"));
    Path source = classes.resolve(NAME + ".java");
    Files.writeString(source, SOURCE);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int result =
        compiler.run(
            null, null, null, "-cp", jar.toString(), "-d", classes.toString(), source.toString());
    if (result != 0) {
      throw new IOException("javac ended with " + result);
    }
    return classes;
  }
}
