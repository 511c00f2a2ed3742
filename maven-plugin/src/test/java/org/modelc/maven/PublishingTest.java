package org.modelc.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.jar.Publishing;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.Model;
import org.modelc.runtime.ModelcException;
import org.modelc.runtime.Terms;

/** Terms, encrypted parameters and signatures by a project's configuration. */
class PublishingTest {
  private static final String DIGITS = "0c".repeat(32);

  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void write() {
    project = new TestProject(folder);
    project.write("line.model", TestProject.line("Line"));
    project.write("line.csv", TestProject.POINTS);
  }

  private static Publishing terms(String licence, String expires, byte[] key) {
    return new Publishing(licence, null, LocalDate.parse(expires), key);
  }

  /** The model in the resources, as a jar of the project would have it. */
  private Model load(byte[] key) throws Exception {
    URL[] urls = {project.settings().resources().toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, CompiledProgram.class.getClassLoader())) {
      return Model.load(loader.loadClass("models.LinePredictProgram"), "Line", () -> key);
    }
  }

  @Test
  void termsGoIntoResourcesAndKeptTrainingsStayAsTheyAre() throws Exception {
    project.build().train(project.units().get(0));
    Path tensors = project.resource("META-INF/modelc/Line.safetensors");
    byte[] plain = Files.readAllBytes(tensors);
    project.said();
    byte[] key = Terms.key(DIGITS);
    project.publish(terms("ACME 1.0", "9999-12-31", key));
    project.build().train(project.units().get(0));
    assertThat(project.said()).noneMatch(line -> line.startsWith("training"));
    String manifest = Files.readString(project.resource("META-INF/modelc/Line.json"));
    assertThat(manifest).contains("ACME 1.0", "9999-12-31", "AES-256-GCM");
    assertThat(Files.readString(project.resource("META-INF/modelc/Line/provenance.json")))
        .contains("ACME 1.0");
    byte[] sealed = Files.readAllBytes(tensors);
    assertThat(new String(plain, StandardCharsets.ISO_8859_1)).contains("y.weight");
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("y.weight");
    Model model = load(key);
    // y = 2a + 1 over a standardised by the deviation of 0 to 5: 2 · √(35 / 12) = 3.4157.
    float slope = ((float[]) model.tensors().get("y.weight").array())[0];
    assertThat(slope).isBetween(3.3f, 3.5f);
    byte[] other = Terms.key("0d".repeat(32));
    assertThatThrownBy(() -> load(other)).hasMessageContaining("the key does not open");
    project.build().train(project.units().get(0));
    assertThat(project.said()).as("nothing changed").isEmpty();
    project.publish(Publishing.NOTHING);
    project.build().train(project.units().get(0));
    assertThat(tensors).hasBinaryContent(plain);
  }

  @Test
  void modelWhoseTimeIsOverDoesNotLoad() {
    project.publish(terms("ACME 1.0", "2001-02-03", null));
    project.build().compile(project.units().get(0));
    assertThatThrownBy(() -> load(null)).hasMessageContaining("ended on 2001-02-03");
  }

  @Test
  void keysComeFromFileOrEnvironment() throws IOException {
    Path file = Files.writeString(folder.resolve("a.key"), DIGITS + "\n");
    byte[] key = Terms.key(DIGITS);
    PublishingTerms environment = new PublishingTerms(null, null, null, true, null);
    assertThat(environment.read(Map.of(Terms.KEY, DIGITS)).key()).isEqualTo(key);
    assertThat(environment.read(Map.of(Terms.KEY_FILE, file.toString())).key()).isEqualTo(key);
    assertThatThrownBy(() -> environment.read(Map.of()))
        .isInstanceOfSatisfying(
            ModelcException.class,
            none -> assertThat(none.hint()).contains("MODELC_KEY", "<keyFile>"))
        .hasMessage("parameters are to be encrypted and there is no key");
    PublishingTerms named = new PublishingTerms(null, null, null, false, file.toFile());
    assertThat(named.read(Map.of()).key()).isEqualTo(key);
    assertThat(new PublishingTerms(null, null, null, false, null).read(Map.of()))
        .isEqualTo(Publishing.NOTHING);
    PublishingTerms never = new PublishingTerms(null, null, "never", false, null);
    assertThatThrownBy(() -> never.read(Map.of())).hasMessage("<expires> never is no date");
  }

  @Test
  void signingWithoutJarOrPasswordSaysSo() throws IOException {
    Path jar = Files.write(folder.resolve("a.jar"), new byte[1]);
    Path store = folder.resolve("keys.p12");
    assertThatThrownBy(() -> SignMojo.sign(null, store.toFile(), "me", "PASSWORD", "x"))
        .hasMessage("there is no jar to sign");
    assertThatThrownBy(() -> SignMojo.sign(jar.toFile(), store.toFile(), "me", "PASSWORD", null))
        .isInstanceOfSatisfying(
            ModelcException.class, none -> assertThat(none.hint()).contains("variable PASSWORD"))
        .hasMessageContaining("no password for the key store");
    assertThatThrownBy(() -> SignMojo.sign(jar.toFile(), store.toFile(), "me", "PASSWORD", "x"))
        .hasMessageContaining("keys.p12 cannot be opened");
  }
}
