package org.modelc.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.jar.JarFacts;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.compiler.jar.ModelJar;
import org.modelc.compiler.jar.Publishing;
import org.modelc.runtime.Model;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Terms;
import org.modelc.runtime.train.TrainingListener;
import org.modelc.runtime.train.TrainingOptions;

/** What a jar carries besides its model, and under what terms it loads. */
class JarProductTest {
  static final String LINE =
      """
      /// A line through points.
      ///
      /// Licence: CC BY 4.0
      /// Intended use: tests,
      ///   and nothing else
      model Line {
          input x = standardized(a)
          fn y(x: f32[B, F]) -> f32[B] {
              param weight: f32[F, 1] = zeros()
              param bias: f32[1] = zeros()
              squeeze(x @ weight + bias, -1)
          }
          export fn predict(x: f32[B, F]) -> (y: f32[B]) = (y: y(x))
          fn loss(x: f32[B, F], target: f32[B]) -> f32[B] = squared_error(y(x), target)
      }
      data points { rows = csv("line.csv") split 75% / 0% / 25% ordered }
      train Line on points {
          minimize loss with sgd(0.2)
          batch 6   epochs 20   seed 3
          measure r2(predict.y, target)
      }
      """;

  @TempDir static Path shared;
  @TempDir Path folder;
  private static ModelJar once;

  @BeforeAll
  static void train() throws IOException {
    writePoints(shared);
    once = trained(shared, 1);
  }

  @BeforeEach
  void data() throws IOException {
    writePoints(folder);
  }

  static void writePoints(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("line.csv"), "a,target\n0,1\n1,3\n2,5\n3,7\n4,9\n5,11\n6,13\n7,15\n");
  }

  private static ModelJar trained(Path folder, int threads) {
    TrainOptions options =
        TrainOptions.defaults().withExecution(TrainingOptions.defaults().withThreads(threads));
    ModelSource source = ModelSource.of("line.model", LINE, folder);
    return Compiler.train(source, options, TrainingListener.SILENT).jar();
  }

  private Path written(ModelJar jar, String name) {
    Path path = folder.resolve(name);
    jar.write(path, true);
    return path;
  }

  @Test
  void twoTrainingsGiveTheSameBytes() throws IOException {
    Path first = written(once, "first.jar");
    Path second = written(trained(folder, 2), "second.jar");
    assertThat(first).hasSameBinaryContentAs(second);
    String all = new String(Files.readAllBytes(first), StandardCharsets.ISO_8859_1);
    assertThat(all)
        .doesNotContain(
            folder.toString(), shared.toString(), System.getProperty("user.home") + "/");
  }

  @Test
  void provenanceNamesItsInputsByHash() throws IOException {
    JarFacts facts = JarFacts.read(written(once, "line.jar"));
    assertThat(facts.provenance().licence()).isEqualTo("CC BY 4.0");
    assertThat(facts.provenance().intendedUse()).isEqualTo("tests, and nothing else");
    assertThat(facts.provenance().seed()).isEqualTo(3);
    assertThat(facts.provenance().trained()).isTrue();
    assertThat(facts.provenance().compiler()).isEqualTo(Compiler.version());
    // printf 'a,target\n0,1\n…7,15\n' | sha256sum
    assertThat(facts.provenance().data().get(0).path()).isEqualTo("line.csv");
    assertThat(facts.provenance().data().get(0).sha256())
        .isEqualTo("31b93342dfef342ad0486e0d34bde57267dd984f859e74e581092e3fb9dc6427");
    String text = facts.text();
    assertThat(text).contains("provenance", "CC BY 4.0", "r2", "META-INF/sbom/Line.cdx.json");
    assertThat(text).contains("signature\n  none");
  }

  @Test
  void cardTellsUseLicenceMeasuresAndModelFile() {
    JarFacts facts = JarFacts.read(written(once, "line.jar"));
    String card =
        new String(facts.entries().get("META-INF/modelc/Line/card.html"), StandardCharsets.UTF_8);
    assertThat(card)
        .startsWith("<!DOCTYPE html>")
        .contains("tests, and nothing else", "CC BY 4.0", "r2, test rows")
        .contains("best constant predictor", "f32[B, F]", "line.csv")
        .doesNotContain("<script");
  }

  @Test
  void billOfMaterialsFollowsItsSchema() throws Exception {
    JarFacts facts = JarFacts.read(written(once, "line.jar"));
    byte[] bill = facts.entries().get("META-INF/sbom/Line.cdx.json");
    assertThat(new JsonParser().validate(bill, Version.VERSION_16)).isEmpty();
    JsonNode json = new ObjectMapper().readTree(bill);
    assertThat(json.get("metadata").get("component").get("type").asText())
        .isEqualTo("machine-learning-model");
    assertThat(json.get("metadata").has("timestamp")).isFalse();
    assertThat(json.get("components").findValuesAsText("name"))
        .contains("modelc-runtime", "line.csv");
  }

  @Test
  void archiveNamesItsModuleAndNativeAccess() throws IOException {
    try (JarFile jar = new JarFile(written(once, "line.jar").toFile())) {
      var attributes = jar.getManifest().getMainAttributes();
      assertThat(attributes.getValue("Automatic-Module-Name")).isEqualTo("models.Line");
      assertThat(attributes.getValue("Enable-Native-Access")).isEqualTo("ALL-UNNAMED");
      String prefix = "META-INF/native-image/org.modelc/Line/";
      JsonNode classes =
          new ObjectMapper()
              .readTree(jar.getInputStream(jar.getEntry(prefix + "reflect-config.json")));
      assertThat(classes.findValuesAsText("name"))
          .contains("models.LinePredictProgram", "org.modelc.runtime.spec.ModelManifest");
      assertThat(jar.getEntry(prefix + "resource-config.json")).isNotNull();
    }
  }

  @Test
  void moduleNameIsFoundByTheModuleSystem() {
    Path jar = written(once, "line.jar");
    assertThat(java.lang.module.ModuleFinder.of(jar).find("models.Line")).isPresent();
  }

  private static byte[] key(int first) {
    byte[] key = new byte[32];
    key[0] = (byte) first;
    return key;
  }

  private ModelJar published(String expires, byte[] key) {
    LocalDate day = expires == null ? null : LocalDate.parse(expires);
    return once.published(new Publishing(null, null, day, key));
  }

  @Test
  void expiredModelSaysWhenAndUnderWhatTerms() {
    Path jar = written(published("2000-01-31", null), "expired.jar");
    assertThatThrownBy(() -> ModelArchive.open(jar))
        .isInstanceOfSatisfying(
            ModelcException.class, expired -> assertThat(expired.hint()).contains("CC BY 4.0"))
        .hasMessage("the licence of model Line ended on 2000-01-31");
    assertThat(JarFacts.read(jar).text()).contains("expires: 2000-01-31");
    Path valid = written(published("9999-12-31", null), "valid.jar");
    assertThat(ModelArchive.open(valid).model().manifest().name()).isEqualTo("Line");
  }

  private static Model load(Path jar, byte[] key) throws Exception {
    URL[] urls = {jar.toUri().toURL()};
    URLClassLoader loader = new URLClassLoader(urls, Model.class.getClassLoader());
    return Model.load(loader.loadClass("models.Line"), "Line", () -> key);
  }

  @Test
  void encryptedParametersOpenWithTheirKeyAlone() throws Exception {
    Path plain = written(once, "plain.jar");
    Path jar = written(published(null, key(1)), "sealed.jar");
    assertThat(written(published(null, key(1)), "again.jar")).hasSameBinaryContentAs(jar);
    byte[] expected = JarFacts.read(plain).entries().get("META-INF/modelc/Line.safetensors");
    byte[] sealed = JarFacts.read(jar).entries().get("META-INF/modelc/Line.safetensors");
    // Twelve bytes of nonce and sixteen of the tag.
    assertThat(sealed).hasSize(expected.length + 28);
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("weight");
    Model model = load(jar, key(1));
    float[] weights = (float[]) model.tensors().get("y.weight").array();
    assertThat(weights)
        .isEqualTo(ModelArchive.open(plain).model().tensors().get("y.weight").array());
    assertThatThrownBy(() -> load(jar, key(2)))
        .isInstanceOf(ModelcException.class)
        .hasMessage("the key does not open the parameters of model Line");
    assertThatThrownBy(() -> load(jar, new byte[16])).hasMessageContaining("32 bytes");
    assertThatThrownBy(() -> ModelArchive.open(jar))
        .isInstanceOf(ModelcException.class)
        .hasMessageContaining("encrypted and there is no key");
  }

  @Test
  void keysAreHexadecimalAndNeverRepeatedInMessages() throws IOException {
    assertThat(Terms.key("0f".repeat(32) + "\n")[31]).isEqualTo((byte) 15);
    for (String wrong :
        List.of("", "0f", "xy".repeat(32), "0f".repeat(32) + "0", "0f".repeat(33))) {
      assertThatThrownBy(() -> Terms.key(wrong))
          .hasMessage("a key is 32 bytes, 64 hexadecimal digits; this one is none");
    }
    assertThatThrownBy(() -> Terms.keyOf(folder.resolve("none.key")))
        .hasMessageContaining("none.key");
  }

  @Test
  void jarOfANewerRuntimeSaysWhichToTake() throws Exception {
    Path jar = written(once, "line.jar");
    Path newer = folder.resolve("newer.jar");
    Files.copy(jar, newer);
    try (var zip = java.nio.file.FileSystems.newFileSystem(newer)) {
      Path manifest = zip.getPath("META-INF/modelc/Line.json");
      String text = Files.readString(manifest);
      Files.writeString(
          manifest,
          text.replaceFirst("\"format\": *1", "\"format\": 2")
              .replaceFirst("\"compiler\": *\"[^\"]*\"", "\"compiler\": \"9.8.7\""));
    }
    assertThatThrownBy(() -> ModelArchive.open(newer))
        .isInstanceOfSatisfying(
            ModelcException.class,
            old -> assertThat(old.hint()).contains("take modelc-runtime 9.8.7 or newer"))
        .hasMessageContaining("of format 2, this runtime reads up to 1");
  }

  @Test
  void everyTruncationIsAnErrorWithAMessage() throws IOException {
    byte[] whole = Files.readAllBytes(written(once, "line.jar"));
    for (int length : new int[] {0, 1, 100, 4096, whole.length / 2, 2 * whole.length / 3}) {
      Path cut = Files.write(folder.resolve("cut.jar"), java.util.Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> ModelArchive.open(cut))
          .as("%d bytes", length)
          .isInstanceOf(ModelcException.class)
          .hasMessageContaining("cut.jar");
    }
  }

  @Test
  void parametersGoOutAndComeBack() throws IOException {
    ModelArchive jar = ModelArchive.open(written(once, "line.jar"));
    Path weights = folder.resolve("line.safetensors");
    org.modelc.runtime.typed.Learning.save(jar.model(), weights);
    ModelSource source = ModelSource.of("line.model", LINE, folder);
    Files.delete(folder.resolve("line.csv"));
    ModelJar again = Compiler.build(source, CompileOptions.defaults().withWeights(weights));
    Map<String, org.modelc.runtime.Tensor> tensors =
        ModelArchive.open(written(again, "again.jar")).model().tensors();
    assertThat((float[]) tensors.get("y.weight").array())
        .isEqualTo(jar.model().tensors().get("y.weight").array());
  }
}
