package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.runtime.train.TrainingOptions;
import org.modelc.testkit.JavaProcess;

/** The same inputs give the same bytes, wherever and beside whatever they are compiled. */
class ReproducibleJarTest {
  @TempDir Path folder;

  static Set<Backend> backends() {
    return EnumSet.of(Backend.JVM, Backend.preferred());
  }

  /** Trains and writes a jar; the main method of the other process, too. */
  private static Path trained(Path place, Backend backend, int threads) throws IOException {
    Files.createDirectories(place);
    JarProductTest.writePoints(place);
    TrainOptions options =
        TrainOptions.defaults()
            .withCompile(CompileOptions.defaults().withBackend(backend))
            .withExecution(TrainingOptions.defaults().withThreads(threads));
    Path jar = place.resolve("Line.jar");
    Compiler.train(
            ModelSource.of("line.model", JarProductTest.LINE, place),
            options,
            TrainingListener.SILENT)
        .jar()
        .write(jar, true);
    return jar;
  }

  /** Arguments: folder, backend, threads. */
  public static void main(String[] arguments) throws IOException {
    trained(Path.of(arguments[0]), Backend.valueOf(arguments[1]), Integer.parseInt(arguments[2]));
  }

  /** Another folder, time zone, charset, and a language with digits and cases of its own. */
  private Path trainedElsewhere(Backend backend, String... settings) throws Exception {
    Path place = folder.resolve("elsewhere").resolve(String.join("", settings));
    List<Object> command = new ArrayList<>();
    command.addAll(List.of("-Dfile.encoding=ISO-8859-1", "-Duser.timezone=Asia/Kathmandu"));
    command.addAll(List.of(settings));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ReproducibleJarTest.class.getName(), place, backend.name(), 2));
    JavaProcess.of(JavaProcess.home(), command).output();
    return place.resolve("Line.jar");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void languageTimeZoneFolderAndCharsetLeaveNoTrace(Backend backend) throws Exception {
    Path here = trained(folder.resolve("here"), backend, 1);
    String[] language =
        backend == Backend.JVM
            ? new String[] {"-Duser.language=ar", "-Duser.country=EG"}
            : new String[] {"-Duser.language=tr", "-Duser.country=TR"};
    assertThat(trainedElsewhere(backend, language)).hasSameBinaryContentAs(here);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void buildsAtOneTimeDoNotMix(Backend backend) throws Exception {
    ExecutorService builds = Executors.newFixedThreadPool(3);
    List<Future<Path>> jars = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Path place = folder.resolve("build" + i);
      int threads = i + 1;
      jars.add(builds.submit((Callable<Path>) () -> trained(place, backend, threads)));
    }
    for (Future<Path> jar : jars) {
      assertThat(jar.get()).hasSameBinaryContentAs(jars.get(0).get());
    }
    builds.shutdown();
  }
}
