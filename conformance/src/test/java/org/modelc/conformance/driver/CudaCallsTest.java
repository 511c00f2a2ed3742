package org.modelc.conformance.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.runtime.cuda.DriverCalls;
import org.modelc.runtime.nativecode.NativeCode;
import org.modelc.testkit.JavaProcess;
import org.modelc.testkit.fiber.HostCompiler;

/**
 * Both ways to call the driver, on each newer JDK beside this one: predictions, graphs, memory,
 * faults and lifetimes, each in a process of its own that says whether it needed our library.
 */
class CudaCallsTest {
  private static final String LIBRARY = "our own library is ";
  private static final String DONE = "all is as it should be";

  @TempDir Path folder;

  /** What a process does. */
  static final class Essentials {
    private Essentials() {}

    /**
     * @param arguments a folder for its files
     */
    public static void main(String[] arguments) throws Exception {
      Path own = Path.of(arguments[0]);
      CudaFaultTest.folder = Files.createDirectories(own.resolve("fault"));
      CudaFaultTest.build();
      CudaFaultTest faults = new CudaFaultTest();
      faults.aGpuPredicts();
      faults.withoutADriver();
      faults.aDriverThatIsNone();
      faults.machineCodeThatIsRefusedIsReplacedByPtx();
      faults.aDriverTooOldSaysWhichIsNeeded();
      faults.theSecondDevice();
      faults.memoryThatIsNotThereIsToldWithThePlan();
      faults.parametersThatDoNotFit();
      faults.aDeviceLostWhilePredictingStaysLost();
      faults.nothingIsKept();
      CudaJarTest.folder = Files.createDirectories(own.resolve("jar"));
      CudaJarTest.build();
      CudaJarTest jars = new CudaJarTest();
      jars.predictsAsBytecodeDoes("9 0", 12090, "cuda sm_80-tf32", "machine code");
      jars.predictsAsBytecodeDoes("10 3", 12090, "cuda sm_", "PTX");
      System.out.println(LIBRARY + (isLoaded() ? "loaded" : "not looked at"));
      System.out.println(DONE);
    }

    private static boolean isLoaded() throws ReflectiveOperationException {
      Field level = NativeCode.class.getDeclaredField("level");
      level.setAccessible(true);
      return level.get(DriverCalls.INSTANCE) != null;
    }
  }

  private String run(Path home, String calls) throws IOException, InterruptedException {
    List<Object> words =
        List.of(
            "-Dmodelc.cuda.calls=" + calls,
            "-cp",
            System.getProperty("java.class.path"),
            Essentials.class.getName(),
            Files.createTempDirectory(folder, calls));
    return JavaProcess.of(home, words).output();
  }

  @Test
  void newerJavasNeedNoLibraryAndMayTakeIt() throws Exception {
    Assumptions.assumeTrue(HostCompiler.isAvailable(), "there is no g++");
    List<Path> newer = homes(22);
    Assumptions.assumeFalse(newer.isEmpty(), "there is no JDK of 22 or newer");
    for (Path home : newer) {
      assertThat(run(home, "any")).contains(DONE, LIBRARY + "not looked at");
      assertThat(run(home, "jni")).contains(DONE, LIBRARY + "loaded");
    }
  }

  /** The JDKs beside this one of a release or a later one. */
  private static List<Path> homes(int least) throws IOException {
    try (Stream<Path> homes = Files.list(Path.of(System.getProperty("java.home")).getParent())) {
      return homes.filter(each -> feature(each) >= least).toList();
    }
  }

  private static int feature(Path home) {
    Path release = home.resolve("release");
    if (!Files.exists(release)) {
      return 0;
    }
    Properties properties = new Properties();
    try (var text = Files.newBufferedReader(release)) {
      properties.load(text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
    return Integer.parseInt(version.split("[.+-]")[0]);
  }
}
