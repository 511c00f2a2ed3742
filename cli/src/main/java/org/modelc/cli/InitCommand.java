package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.modelc.compiler.Compiler;
import org.modelc.runtime.AtomicFile;
import org.modelc.runtime.ModelcException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code modelc init [DIR]}. */
@Command(
    name = "init",
    description =
        "Makes a Maven project with a model, its data, a class that uses it and a test. It builds at"
            + " once: mvn verify.",
    footer = {"", "Example: modelc init my-model"})
final class InitCommand implements Callable<Integer> {
  /** The project is {@code examples/library}, which the project's own tests build. */
  private static final List<String> FILES =
      List.of(
          "pom.xml",
          "src/main/model/iris.model",
          "src/main/model/iris.csv",
          "src/main/java/org/example/iris/Species.java",
          "src/test/java/org/example/iris/SpeciesTest.java");

  private static final String IGNORED = "target/\n";

  @Mixin private CommonOptions common;

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      description =
          "The project's folder (default: the working folder). It may hold no such files.")
  private Path folder = Path.of("");

  private final Terminal terminal;

  InitCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    requireFree();
    for (String name : FILES) {
      byte[] bytes = template(name);
      write(folder.resolve(name), name.equals("pom.xml") ? adapted(bytes) : bytes);
    }
    if (!Files.exists(folder.resolve(".gitignore"))) {
      write(folder.resolve(".gitignore"), IGNORED.getBytes(StandardCharsets.UTF_8));
    }
    if (common.json) {
      ObjectNode result = JsonText.object();
      result.put("project", folder.toString());
      ArrayNode files = result.putArray("files");
      FILES.forEach(files::add);
      terminal.result(JsonText.line(result));
    } else {
      FILES.forEach(name -> terminal.say("wrote " + folder.resolve(name)));
      terminal.say("next: mvn verify, then change " + folder.resolve("src/main/model/iris.model"));
    }
    return ExitCode.SUCCESS.number();
  }

  /** Nothing of the user's is written over. */
  private void requireFree() {
    for (String name : FILES) {
      if (Files.exists(folder.resolve(name))) {
        throw new ModelcException(
            folder.resolve(name) + " exists already", "name a new folder: modelc init DIR");
      }
    }
    if (Files.exists(folder) && !Files.isDirectory(folder) && !folder.toString().isEmpty()) {
      throw new ModelcException(folder + " is a file", "name a new folder: modelc init DIR");
    }
  }

  private static byte[] template(String name) throws IOException {
    try (InputStream in = InitCommand.class.getResourceAsStream("project/" + name)) {
      if (in == null) {
        throw new IllegalStateException("resource project/" + name + " is missing");
      }
      return in.readAllBytes();
    }
  }

  /** The pom with this compiler's version, named after the folder. */
  private byte[] adapted(byte[] pom) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    String artifact =
        (name == null ? "model" : name.toString())
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9_.-]+", "-");
    return new String(pom, StandardCharsets.UTF_8)
        .replaceFirst("<artifactId>iris<", "<artifactId>" + artifact + "<")
        .replaceFirst("<modelc.version>[^<]*<", "<modelc.version>" + Compiler.version() + "<")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void write(Path file, byte[] bytes) {
    AtomicFile.write(file, out -> out.write(bytes));
  }
}
