package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.program.CompiledPrograms;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.FormatException;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Model;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.nativecode.DirectMemory;
import org.modelc.runtime.nativecode.NativeLibrary;
import org.modelc.testkit.AffineModel;
import org.modelc.testkit.JavaProcess;
import org.modelc.testkit.Warnings;

/** A jar with native code, as programs meet it: loaded by class loaders, damaged, out of place. */
class NativeJarTest {
  @TempDir static Path shared;
  @TempDir Path folder;
  private Path jar;

  private static final String ALLOWED = "--enable-native-access=ALL-UNNAMED";
  private static final Pattern JDK_WARNING =
      Pattern.compile(
          "WARNING: (A restricted method in java.lang.System has been called"
              + "|java.lang.System::load has been called by .*"
              + "|Restricted methods will be blocked in a future release .*)");

  @BeforeAll
  static void build() {
    Assumptions.assumeTrue(NativeSupport.present(), "LLVM for this machine");
    Path weights = AffineModel.writeWeights(shared);
    CompileOptions options =
        CompileOptions.defaults().withWeights(weights).withBackend(Backend.NATIVE);
    Compiler.build(ModelSource.of("affine.model", AffineModel.TEXT, shared), options)
        .write(shared.resolve("Affine.jar"), true);
  }

  /** Each test has a jar of its own to damage. */
  @BeforeEach
  void copy() throws IOException {
    jar = Files.copy(shared.resolve("Affine.jar"), folder.resolve("Affine.jar"));
  }

  @AfterEach
  void forget() {
    System.clearProperty(NativeLibrary.PROPERTY);
    System.clearProperty(NativeLibrary.LEVEL_PROPERTY);
  }

  /** Has the runtime of this process and the generated classes of the jar. */
  private Model load() throws IOException {
    ClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, CompiledProgram.class.getClassLoader());
    return Model.load(loader, "Affine");
  }

  private static String backend(Model model) {
    return model.programs().code().backend();
  }

  /** One call of javac makes all class files of a native jar, one a program those of another. */
  @Test
  void bytecodeIsTheSameWhateverRunsTheModel() {
    ModelSource source = ModelSource.of("affine.model", AffineModel.TEXT, shared);
    CompileOptions options =
        CompileOptions.defaults().withWeights(AffineModel.writeWeights(folder));
    CompiledPrograms bytecode =
        Compiler.compile(source, options.withBackend(Backend.JVM)).programs();
    CompiledPrograms nativeCode =
        Compiler.compile(source, options.withBackend(Backend.NATIVE)).programs();
    assertThat(bytecode.programs()).noneMatch(each -> each.classes().isEmpty());
    assertThat(nativeCode.programs()).allMatch(each -> each.classes().isEmpty());
    assertThat(nativeCode.classes()).containsAllEntriesOf(bytecode.classes());
  }

  @Test
  void nativeCodePredicts() throws IOException {
    Model model = load();
    assertThat(backend(model)).startsWith("native ");
    AffineModel.assertPredicts(model);
  }

  @Test
  void metadataForNativeImageNamesTheNativeClass() throws Exception {
    ModelArchive archive = ModelArchive.open(jar);
    String folder = "META-INF/native-image/org.modelc/Affine/";
    String type = archive.model().manifest().nativeCode().type();
    assertThat(type).isEqualTo("models.AffineNative");
    assertThat(new String(archive.entry(folder + "reflect-config.json"), StandardCharsets.UTF_8))
        .contains('"' + type + '"');
    String called = new String(archive.entry(folder + "jni-config.json"), StandardCharsets.UTF_8);
    assertThat(called).contains("org.modelc.runtime.nativecode.NativeCode", "\"pause\"");
    Class<?> named = Class.forName("org.modelc.runtime.nativecode.NativeCode");
    assertThat(named.getDeclaredMethod("pause", int.class)).isNotNull();
  }

  @Test
  void everyLevelUpToTheCpusGivesTheSame() throws IOException {
    String best = backend(load()).substring("native ".length());
    for (String level : List.of("x86-64-v2", "x86-64-v3", "x86-64-v4", "neon")) {
      if (level.compareTo(best) <= 0 && level.charAt(0) == best.charAt(0)) {
        System.setProperty(NativeLibrary.LEVEL_PROPERTY, level);
        Model model = load();
        assertThat(backend(model)).isEqualTo("native " + level);
        AffineModel.assertPredicts(model);
      }
    }
  }

  /** As a training does, which runs code for one level only. */
  @Test
  void compilationsRunTheLevelThatTheyAreTold() {
    String lowest = NativePlatform.host().levels().get(0).text();
    System.setProperty(NativeLibrary.LEVEL_PROPERTY, lowest);
    assertThat(compiled().backend()).isEqualTo("native " + lowest);
    System.setProperty(NativeLibrary.LEVEL_PROPERTY, "avx9");
    assertThatThrownBy(() -> compiled().backend())
        .isInstanceOf(ModelcException.class)
        .hasMessageContaining("-Dmodelc.native.level=avx9")
        .extracting(thrown -> ((ModelcException) thrown).hint())
        .asString()
        .contains(lowest, "none");
  }

  private static CompiledPrograms compiled() {
    ModelSource source = ModelSource.of("affine.model", AffineModel.TEXT, shared);
    return Compiler.compile(source, CompileOptions.defaults().withBackend(Backend.NATIVE))
        .programs();
  }

  @Test
  void bytecodeRunsOnACpuWithoutAnyLevel() throws IOException {
    System.setProperty(NativeLibrary.LEVEL_PROPERTY, "none");
    Model model = load();
    assertThat(backend(model)).isEqualTo("jvm");
    AffineModel.assertPredicts(model);
  }

  @Test
  void bytecodeRunsWhereNoLibraryCanBeWrittenAndOneWarningNamesTheProperty() throws IOException {
    try (Warnings warnings = new Warnings()) {
      System.setProperty(NativeLibrary.PROPERTY, folder.resolve("missing").toString());
      Model model = load();
      assertThat(backend(model)).isEqualTo("jvm");
      AffineModel.assertPredicts(model);
      load();
      assertThat(warnings.texts()).hasSize(1);
      assertThat(warnings.texts().get(0))
          .contains("model Affine", "-Dmodelc.native=FOLDER", "bytecode");
    }
  }

  @Test
  void bytecodeRunsWhereLibrariesMayNotBeRun() throws IOException {
    Path place = noexec();
    Assumptions.assumeTrue(place != null, "a writable place mounted noexec");
    System.setProperty(NativeLibrary.PROPERTY, place.toString());
    Model model = load();
    assertThat(backend(model)).isEqualTo("jvm");
    AffineModel.assertPredicts(model);
    try (Stream<Path> left = Files.list(place)) {
      assertThat(left).noneMatch(file -> file.getFileName().toString().startsWith("modelc-"));
    }
  }

  private static Path noexec() throws IOException {
    Path mounts = Path.of("/proc/mounts");
    if (Files.exists(mounts)) {
      for (String line : Files.readAllLines(mounts)) {
        String[] fields = line.split(" ");
        Path place = Path.of(fields[1]);
        boolean files = fields[2].equals("tmpfs") || fields[2].startsWith("ext");
        if (files && List.of(fields[3].split(",")).contains("noexec") && Files.isWritable(place)) {
          return place;
        }
      }
    }
    return null;
  }

  @Test
  void nativeCodeCanBeTurnedOff() throws IOException {
    System.setProperty(NativeLibrary.PROPERTY, "off");
    Model model = load();
    assertThat(backend(model)).isEqualTo("jvm");
    AffineModel.assertPredicts(model);
  }

  /** A library belongs to one class loader; each gets a copy, and no file stays. */
  @Test
  void fiftyClassLoadersLoadOneJarAndGo() throws IOException {
    Path place = Files.createDirectory(folder.resolve("libraries"));
    System.setProperty(NativeLibrary.PROPERTY, place.toString());
    for (int i = 0; i < 50; i++) {
      Model model = load();
      assertThat(backend(model)).startsWith("native ");
      AffineModel.assertPredicts(model);
    }
    try (Stream<Path> left = Files.list(place)) {
      assertThat(left).as("files on Linux and macOS").isEmpty();
    }
    Path maps = Path.of("/proc/self/maps");
    if (Files.exists(maps)) {
      // Unmapped when their class loaders are collected; finalisation takes a round or two.
      for (int i = 0; i < 20 && mapped(maps, place) > 5; i++) {
        System.gc();
        System.runFinalization();
      }
      assertThat(mapped(maps, place)).as("libraries in memory").isLessThanOrEqualTo(5);
    }
  }

  private static long mapped(Path maps, Path place) throws IOException {
    List<String> files = new ArrayList<>();
    for (String line : Files.readAllLines(maps)) {
      if (line.contains(place.toString())) {
        files.add(line.substring(line.indexOf(place.toString())));
      }
    }
    return files.stream().distinct().count();
  }

  @Test
  void twoModelsOfOneLoaderShareTheLibrary() throws IOException {
    ClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, CompiledProgram.class.getClassLoader());
    AffineModel.assertPredicts(Model.load(loader, "Affine"));
    AffineModel.assertPredicts(Model.load(loader, "Affine"));
  }

  @Test
  void aDamagedLibraryIsRefused() throws IOException {
    String resource = NativeLibrary.resource("Affine", NativeLibrary.platform());
    byte[] library = entry(resource);
    library[library.length / 2] ^= 1;
    replace(resource, library);
    assertThatThrownBy(this::load)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(resource + " is corrupt: its checksum is ");
    assertThatThrownBy(() -> ModelArchive.open(jar)).isInstanceOf(FormatException.class);
  }

  @Test
  void aTruncatedLibraryIsRefused() throws IOException {
    String resource = NativeLibrary.resource("Affine", NativeLibrary.platform());
    byte[] library = entry(resource);
    replace(resource, java.util.Arrays.copyOf(library, library.length / 2));
    assertThatThrownBy(this::load)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(resource + " is corrupt");
  }

  private byte[] entry(String name) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(jar);
        InputStream in = Files.newInputStream(zip.getPath(name))) {
      return in.readAllBytes();
    }
  }

  private void replace(String name, byte[] bytes) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(jar)) {
      Files.write(zip.getPath(name), bytes);
    }
  }

  @Test
  void aWrongLengthIsToldBeforeNativeCodeIsEntered() throws IOException {
    Frame frame = load().newSession().frame("predict");
    frame.bind("x", new float[4]);
    assertThatThrownBy(frame::run)
        .isInstanceOf(ModelcException.class)
        .hasMessage("predict: `x` f32[B, 3] has 4 elements, no multiple of 3");
    frame.bind("x", new float[6]);
    frame.bind("score", new float[3]);
    assertThatThrownBy(frame::run)
        .isInstanceOf(ModelcException.class)
        .hasMessage("predict: `score` f32[B, 2] has 3 elements, needs 4 with B = 2");
  }

  /** The values are those of {@link AffineModel#assertPredicts}. */
  @Test
  void nativeCodeWorksInTheCallersMemory() throws IOException {
    Frame frame = load().newSession().frame("predict");
    ByteBuffer x = DirectMemory.allocate(6 * Float.BYTES);
    x.asFloatBuffer().put(new float[] {1, 2, 3, 0, 0, 0});
    ByteBuffer score = DirectMemory.allocate(4 * Float.BYTES);
    frame.bind("x", x);
    frame.bind("score", score);
    frame.run();
    float[] values = new float[4];
    score.asFloatBuffer().get(values);
    assertThat(values).containsExactly(14.5f, 139, 0.5f, -1);
    frame.bind("x", new float[] {1, 0, 0});
    frame.run();
    assertThat(((float[]) frame.array("score"))[0]).isEqualTo(1.5f);
    assertThat(score.getFloat(0)).as("left alone by the next call").isEqualTo(14.5f);
    ByteBuffer unaligned = x.slice(4, 12);
    assertThatThrownBy(() -> frame.bind("x", unaligned)).isInstanceOf(ModelcException.class);
    assertThatThrownBy(() -> frame.bind("x", ByteBuffer.allocate(12)))
        .isInstanceOf(ModelcException.class);
  }

  @Test
  void tensorsOfALoadedModelCanBeRead() throws IOException {
    Tensor bias = load().tensors().get("both.bias");
    assertThat((float[]) bias.array()).containsExactly(0.5f, -1);
    assertThat(bias.at(1)).isEqualTo(-1);
  }

  /** Every JDK installed beside this one that can run the jar does, without any flag. */
  @Test
  void otherJavaVersionsRunTheJar() throws IOException, InterruptedException {
    Path program = folder.resolve("Program.java");
    Files.writeString(
        program,
        """
        public class Program {
          public static void main(String[] arguments) {
            models.Affine model = models.Affine.load();
            float[] score = new float[2];
            model.predict(model.newSession(), new float[] {1, 2, 3}, score);
            System.out.println(model.model().programs().code().backend() + " " + score[0] + " " + score[1]);
          }
        }
        """);
    List<Path> homes = JavaProcess.homes();
    assertThat(homes).isNotEmpty();
    for (Path home : homes) {
      List<String> lines = run(home, program);
      assertThat(lines.get(lines.size() - 1)).as("%s: %s", home, lines).startsWith("native ");
      assertThat(lines.get(lines.size() - 1)).endsWith(" 14.5 139.0");
      // Since Java 24 the JDK itself warns where native code is loaded without the flag.
      assertThat(lines.subList(0, lines.size() - 1))
          .allMatch(line -> line.isEmpty() || line.startsWith("WARNING: "))
          .filteredOn(line -> !line.isEmpty() && !line.contains("--enable-native-access"))
          .allMatch(JDK_WARNING.asMatchPredicate());
      assertThat(run(home, program, "-XX:+IgnoreUnrecognizedVMOptions", ALLOWED)).hasSize(1);
    }
  }

  @Test
  void aCallThatMemoryIsTooSmallForNamesTheSizeItNeeds() throws Exception {
    Path program = folder.resolve("Large.java");
    Files.writeString(
        program,
        """
        public class Large {
          public static void main(String[] arguments) {
            models.Affine model = models.Affine.load();
            try {
              model.predict(model.newSession(), new float[300000], new float[200000]);
            } catch (org.modelc.runtime.ModelcException expected) {
              System.out.println(expected.getMessage() + " / " + expected.hint());
            }
            model.predict(model.newSession(), new float[3], new float[2]);
            System.out.println("still works");
          }
        }
        """);
    List<String> lines = run(JavaProcess.home(), program, "-XX:MaxDirectMemorySize=2m");
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .containsPattern("no room for \\d+ bytes of workspace with B = 100000, planned as .* bytes")
        .contains("call it with fewer rows at a time", "-XX:MaxDirectMemorySize=");
    assertThat(lines.get(1)).isEqualTo("still works");
  }

  private List<String> run(Path home, Path program, String... flags)
      throws IOException, InterruptedException {
    List<Object> words = new ArrayList<>(List.of(flags));
    words.addAll(List.of("-cp", jar, program));
    return JavaProcess.of(home, words).run().lines();
  }
}
