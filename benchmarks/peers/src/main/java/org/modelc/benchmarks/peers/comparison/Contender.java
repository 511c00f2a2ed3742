package org.modelc.benchmarks.peers.comparison;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An engine with the class path that its users have.
 *
 * @param title as the table names it
 * @param module its folder in {@code benchmarks/comparison}
 * @param main the class of its program
 * @param arguments of {@code java} besides the class path
 * @param jar the model's jar, runtime and all, which is all of our own class path; null for others
 */
record Contender(String title, String module, String main, List<String> arguments, ModelJars jar) {
  /** Our own jars, by the network's name. */
  record ModelJars(Path folder) {
    Path of(String network) {
      return folder.resolve(network + ".jar");
    }
  }

  private static final Path MODULES = Path.of("benchmarks", "comparison");

  static List<Contender> all(ModelJars bytecode, ModelJars nativeCode) {
    String ours = "modelc.ModelcSubject";
    return List.of(
        of("modelc", "modelc", ours, List.of(), bytecode),
        of("modelc, native code", "modelc", ours, List.of(), nativeCode),
        of("ONNX Runtime 1.29.0", "onnxruntime", "onnxruntime.OnnxRuntimeSubject", List.of(), null),
        of("DJL 0.35.0, PyTorch 2.7.1", "djl", "djl.DjlSubject", List.of(), null),
        of("DL4J 1.0.0-M2.1", "dl4j", "dl4j.Dl4jSubject", List.of(), null),
        of(
            "TensorFlow for Java 1.1.0",
            "tensorflow",
            "tensorflow.TensorFlowSubject",
            List.of(),
            null));
  }

  private static Contender of(
      String title, String module, String main, List<String> arguments, ModelJars jar) {
    return new Contender(title, module, "org.modelc.comparison." + main, arguments, jar);
  }

  /** Class folders of the program, then the engine's jars. */
  List<Path> classPath(String network) throws IOException {
    List<Path> path = new ArrayList<>();
    path.add(MODULES.resolve(module).resolve("target/classes"));
    path.add(MODULES.resolve("subject/target/classes"));
    if (jar != null) {
      path.add(jar.of(network));
    } else {
      path.addAll(dependencies());
    }
    return path;
  }

  private List<Path> dependencies() throws IOException {
    Path file = MODULES.resolve(module).resolve("target/class-path.txt");
    List<Path> jars = new ArrayList<>();
    for (String entry :
        Files.readString(file, StandardCharsets.UTF_8).strip().split(File.pathSeparator)) {
      if (entry.endsWith(".jar")) {
        jars.add(Path.of(entry));
      }
    }
    return jars;
  }

  /** Jars of the class path, and their bytes but for the parameters. */
  Size size(String network) throws IOException {
    int count = 0;
    long bytes = 0;
    for (Path entry : classPath(network)) {
      if (entry.toString().endsWith(".jar")) {
        count++;
        bytes += Files.size(entry);
      }
    }
    return new Size(count, jar == null ? bytes : bytes - parameters(jar.of(network)));
  }

  private static long parameters(Path jar) throws IOException {
    try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(jar.toFile())) {
      return zip.stream()
          .filter(entry -> entry.getName().endsWith(".safetensors"))
          .mapToLong(java.util.zip.ZipEntry::getCompressedSize)
          .sum();
    }
  }

  /** A number of files and their bytes. */
  record Size(int files, long bytes) {}
}
