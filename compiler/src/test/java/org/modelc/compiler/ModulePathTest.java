package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.jar.JarFacts;
import org.modelc.compiler.jar.LooseModel;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.testkit.JavaProcess;

/** Models in programs of modules: as a module of their own, and as a part of one. */
class ModulePathTest {
  private static final String USE =
      """
      package app;
      import models.Twice;
      public class Use {
        public static void main(String[] arguments) {
          Twice model = Twice.load();
          System.out.println(model.predict(21).y() + " " + Use.class.getModule().getName() + " "
              + Twice.class.getModule().getName() + " " + model.model().programs().code().backend());
        }
      }
      """;

  private static final String BACKEND = NativeSupport.present() ? " native " : " jvm";

  @TempDir Path folder;
  private ModelJar jar;

  @BeforeEach
  void build() {
    ModelSource source =
        ModelSource.of(
            "twice.model",
            "model Twice() { export fn predict(x: f32[B]) -> (y: f32[B]) = (y: 2 * x) }",
            folder);
    jar = Compiler.build(source, CompileOptions.defaults());
  }

  /** The runtime as Maven packs it: an automatic module. */
  private Path runtime() throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Automatic-Module-Name", "org.modelc.runtime");
    Path whole = folder.resolve("whole.jar");
    jar.write(whole, true);
    Path path = folder.resolve("modelc-runtime.jar");
    try (OutputStream out = Files.newOutputStream(path);
        JarOutputStream zip = new JarOutputStream(out, manifest)) {
      for (Map.Entry<String, byte[]> each : JarFacts.read(whole).entries().entrySet()) {
        if (each.getKey().startsWith("org/modelc/runtime/")) {
          zip.putNextEntry(new ZipEntry(each.getKey()));
          zip.write(each.getValue());
          zip.closeEntry();
        }
      }
    }
    return path;
  }

  private void compile(Path output, String modulePath, Map<String, String> sources)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("-proc:none", "-d", output.toString()));
    command.addAll(List.of("--module-path", modulePath));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = folder.resolve("src").resolve(output.getFileName()).resolve(source.getKey());
      Files.createDirectories(file.getParent());
      command.add(Files.writeString(file, source.getValue()).toString());
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler().run(null, said, said, command.toArray(String[]::new));
    assertThat(status).as(said.toString(StandardCharsets.UTF_8)).isZero();
  }

  private static String path(Path... parts) {
    return String.join(
        System.getProperty("path.separator"), List.of(parts).stream().map(Path::toString).toList());
  }

  private static String run(String modulePath) throws Exception {
    return JavaProcess.of("--module-path", modulePath, "-m", "app/app.Use").output().strip();
  }

  @Test
  void jarWithItsRuntimeIsAModule() throws Exception {
    Path twice = folder.resolve("Twice.jar");
    jar.write(twice, true);
    Path app = folder.resolve("app");
    String module = "module app { requires models.Twice; }";
    compile(app, twice.toString(), Map.of("module-info.java", module, "app/Use.java", USE));
    assertThat(run(path(twice, app))).startsWith("42.0 app models.Twice ").contains(BACKEND);
  }

  @Test
  void jarAndRuntimeAreTwoModules() throws Exception {
    Path twice = folder.resolve("Twice.jar");
    jar.write(twice, false);
    Path runtime = runtime();
    Path app = folder.resolve("app");
    String module = "module app { requires models.Twice; requires org.modelc.runtime; }";
    compile(app, path(twice, runtime), Map.of("module-info.java", module, "app/Use.java", USE));
    assertThat(run(path(twice, runtime, app)))
        .startsWith("42.0 app models.Twice ")
        .contains(BACKEND);
  }

  /** As the Maven plugin has it: source, class files and resources in the project's own module. */
  @Test
  void classAndResourcesArePartOfTheProjectsModule() throws Exception {
    Path twice = folder.resolve("Twice.jar");
    jar.write(twice, false);
    LooseModel loose = LooseModel.of(ModelArchive.open(twice));
    Path runtime = runtime();
    Path app = folder.resolve("app");
    String module =
        "module app { requires org.modelc.runtime; exports models to org.modelc.runtime; }";
    compile(
        app,
        runtime.toString(),
        Map.of(
            "module-info.java", module, "app/Use.java", USE, "models/Twice.java", loose.source()));
    for (Map.Entry<String, byte[]> each : loose.resources().entrySet()) {
      Path file = app.resolve(each.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, each.getValue());
    }
    assertThat(run(path(runtime, app))).startsWith("42.0 app app ").contains(BACKEND);
  }
}
