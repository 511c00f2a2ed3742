package org.modelc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.testkit.JavaProcess;

/** sign, verify, export, and the terms of build. */
class PublishingTest {
  private static final String PASSWORD_NAME = "PublishingTest.password";
  private static final String PASSWORD = "correct horse";

  @TempDir static Path folder;
  private static Path jar;
  private static Path model;
  private static Path ours;
  private static Path theirs;

  @BeforeAll
  static void make() throws Exception {
    System.setProperty(PASSWORD_NAME, PASSWORD);
    model =
        Files.writeString(
            folder.resolve("affine.model"),
            """
            /// Three numbers to two.
            model Affine() {
                fn both(x: f32[B, 3]) -> f32[B, 2] {
                    param weight: f32[3, 2] = ones()
                    x @ weight
                }
                export fn predict(x: f32[B, 3]) -> (score: f32[B, 2]) = (score: both(x))
            }
            """);
    jar = folder.resolve("Affine.jar");
    CommandLineRun built = CommandLineRun.of("build", model, "-o", jar);
    assertThat(built.code()).as(built.error()).isZero();
    ours = store("ours");
    theirs = store("theirs");
  }

  @AfterAll
  static void forget() {
    System.clearProperty(PASSWORD_NAME);
  }

  /** A key store made by the JDK's own tool, and its certificate beside it. */
  private static Path store(String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    keytool(
        "-genkeypair -alias publisher -keyalg EC -dname CN=" + name + " -storetype PKCS12", store);
    keytool("-exportcert -rfc -alias publisher -file " + certificate(store), store);
    return store;
  }

  private static Path certificate(Path store) {
    return Path.of(store.toString().replace(".p12", ".pem"));
  }

  private static void keytool(String arguments, Path store) throws Exception {
    run("keytool", arguments + " -keystore " + store, "-storepass", PASSWORD);
  }

  private static String run(String tool, String arguments, String... more) throws Exception {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }

  private static Path signed(String name) {
    Path signed = folder.resolve(name);
    CommandLineRun run =
        CommandLineRun.of(
            "sign",
            jar,
            "--keystore",
            ours,
            "--alias",
            "publisher",
            "--password-env",
            PASSWORD_NAME,
            "-o",
            signed);
    assertThat(run.code()).as(run.error()).isZero();
    return signed;
  }

  private static void fails(CommandLineRun run, String... parts) {
    assertThat(run.code()).as(run.error()).isEqualTo(1);
    assertThat(run.error()).contains(parts).doesNotContain("\tat ");
  }

  @Test
  void signedJarIsAcceptedByJarsignerAndByVerify() throws Exception {
    Path signed = signed("signed.jar");
    assertThat(run("jarsigner", "-verify " + signed)).contains("jar verified");
    CommandLineRun run =
        CommandLineRun.of("verify", signed, "--certificate", certificate(ours), "--json");
    assertThat(run.code()).as(run.error()).isZero();
    assertThat(JsonText.MAPPER.readTree(run.out()).get("signers").get(0).asText())
        .isEqualTo("CN=ours");
    assertThat(CommandLineRun.of("inspect", signed).out()).contains("META-INF/MODELC.SF");
    assertThat(CommandLineRun.of("bench", signed).code()).isZero();
  }

  @Test
  void jarsignersSignatureIsAcceptedToo() throws Exception {
    Path signed = folder.resolve("jarsigner.jar");
    run(
        "jarsigner",
        "-keystore " + ours + " -signedjar " + signed + " -storepass",
        PASSWORD,
        jar.toString(),
        "publisher");
    assertThat(CommandLineRun.of("verify", signed).out()).contains("signed by CN=ours");
  }

  @Test
  void unsignedForeignAndChangedJarsAreTold() throws IOException {
    fails(CommandLineRun.of("verify", jar), "is not signed", "modelc sign");
    Path signed = signed("other.jar");
    fails(
        CommandLineRun.of("verify", signed, "--certificate", certificate(theirs)),
        "signed by another key: CN=ours",
        "wanted was CN=theirs");
    Path changed = Files.copy(signed, folder.resolve("changed.jar"));
    edit(changed, "META-INF/modelc/Affine.model", "model Other() {}");
    fails(CommandLineRun.of("verify", changed), "was changed after it was signed");
    Path added = Files.copy(signed, folder.resolve("added.jar"));
    edit(added, "models/Added.class", "no class");
    fails(CommandLineRun.of("verify", added), "is not signed: models/Added.class was added");
    fails(CommandLineRun.of("verify", signed, "--certificate", jar), "no certificate in");
  }

  private static void edit(Path path, String entry, String text) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(path)) {
      Files.writeString(zip.getPath(entry), text);
    }
  }

  @Test
  void keysThatCannotBeUsedAreTold() {
    String[] unset = {
      "sign", jar.toString(), "--keystore", ours.toString(), "--alias", "publisher"
    };
    fails(CommandLineRun.of((Object[]) unset), "no password", "MODELC_STORE_PASSWORD");
    fails(sign(ours, "nobody"), "has no key `nobody`", "[publisher]");
    fails(sign(folder.resolve("none.p12"), "publisher"), "none.p12 cannot be opened");
  }

  private static CommandLineRun sign(Path store, String alias) {
    return CommandLineRun.of(
        "sign", jar, "--keystore", store, "--alias", alias, "--password-env", PASSWORD_NAME);
  }

  @Test
  void termsGoIntoTheJar() throws IOException {
    Path key = Files.writeString(folder.resolve("parameters.key"), "0a".repeat(32) + "\n");
    Path terms = folder.resolve("terms.jar");
    CommandLineRun run =
        CommandLineRun.of(
            "build",
            model,
            "-o",
            terms,
            "--licence",
            "ACME 1.0",
            "--intended-use",
            "adding",
            "--expires",
            "2001-02-03",
            "--encrypt-with",
            key);
    assertThat(run.code()).as(run.error()).isZero();
    assertThat(CommandLineRun.of("inspect", terms).out())
        .contains("expires: 2001-02-03", "encryption: AES-256-GCM", "ACME 1.0", "adding");
    fails(CommandLineRun.of("bench", terms), "ended on 2001-02-03", "ACME 1.0");
    fails(
        CommandLineRun.of("build", model, "-o", terms, "--expires", "next year"),
        "--expires next year is no date");
    Path noKey = Files.writeString(folder.resolve("no.key"), "secret");
    CommandLineRun wrong = CommandLineRun.of("build", model, "-o", terms, "--encrypt-with", noKey);
    fails(wrong, "64 hexadecimal digits");
    assertThat(wrong.error()).doesNotContain("secret");
  }

  @Test
  void encryptedJarNeedsItsKeyAndLeavesNothingPlain() throws IOException {
    Path key = Files.writeString(folder.resolve("one.key"), "0b".repeat(32));
    Path sealed = Files.createDirectories(folder.resolve("sealed")).resolve("Affine.jar");
    CommandLineRun.of("build", model, "-o", sealed, "--encrypt-with", key);
    fails(CommandLineRun.of("bench", sealed), "encrypted and there is no key", "MODELC_KEY");
    try (var files = Files.list(sealed.getParent())) {
      assertThat(files).containsExactly(sealed);
    }
  }

  /**
   * A training that is encrypted, and a call of its model, write the parameters nowhere but sealed:
   * not beside the jar, not where temporary files go.
   */
  @Test
  void trainingsAndCallsOfAnEncryptedModelLeaveNothingPlain() throws Exception {
    String digits = "0d".repeat(32);
    Path place = Files.createDirectories(folder.resolve("secret"));
    Path temporary = Files.createDirectories(place.resolve("temporary"));
    Files.writeString(place.resolve("secret.key"), digits);
    Files.writeString(place.resolve("points.csv"), "a,target\n1,2\n2,4\n3,6\n4,8\n");
    Path file =
        Files.writeString(
            place.resolve("line.model"),
            """
            model Line {
                fn y(a: f32[B]) -> f32[B] = expand_dims(a, -1) |> dense(64) |> dense(1) |> squeeze(-1)
                export fn predict(a: f32[B]) -> (y: f32[B]) = (y: y(a))
                fn loss(a: f32[B], target: f32[B]) -> f32[B] = squared_error(y(a), target)
            }
            data points { rows = csv("points.csv") split 100% / 0% / 0% ordered }
            train Line on points {
                minimize loss with sgd(0.001)
                batch 4   epochs 20   checkpoint every 1 epochs
            }
            """);
    Path sealed = place.resolve("out/Line.jar");
    String said =
        modelc(
            temporary,
            Map.of(),
            "train",
            file,
            "-o",
            sealed,
            "--encrypt-with",
            place.resolve("secret.key"));
    assertThat(sealed).as(said).exists();
    Path input = Files.writeString(place.resolve("one.json"), "{\"a\": 2.5}");
    Map<String, String> key = Map.of("MODELC_KEY", digits);
    assertThat(modelc(temporary, key, "predict", sealed, "--input", input)).contains("y");
    Path plain = folder.resolve("line.safetensors");
    modelc(temporary, key, "export", sealed, "-o", plain);
    float[] weights =
        (float[])
            org.modelc.runtime.Safetensors.read(plain).tensors().get("y.dense.weight").array();
    // Sixteen bytes of the middle of the weights, as they would lie in a file.
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(16).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(weights, 30, 4);
    String secret = new String(bytes.array(), StandardCharsets.ISO_8859_1);
    assertThat(Files.readString(plain, StandardCharsets.ISO_8859_1)).contains(secret);
    try (var files = Files.walk(place)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(each, StandardCharsets.ISO_8859_1))
            .as(each.toString())
            .doesNotContain(secret);
      }
    }
    assertThat(place.resolve("out")).isDirectoryNotContaining("glob:**.checkpoint");
  }

  /** A process whose temporary files go to a folder; what it says. */
  private static String modelc(Path temporary, Map<String, String> environment, Object... words)
      throws Exception {
    List<Object> command = new java.util.ArrayList<>();
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add(Main.class.getName());
    command.addAll(List.of(words));
    JavaProcess process = JavaProcess.of(JavaProcess.home(), command);
    process.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    process.environment().putAll(environment);
    return process.output();
  }

  /** In processes of their own, since a process cannot change its environment. */
  @Test
  void keyComesFromTheEnvironment() throws Exception {
    String digits = "0e".repeat(32);
    Path key = Files.writeString(folder.resolve("environment.key"), digits + "\n");
    Path sealed = folder.resolve("environment.jar");
    CommandLineRun.of("build", model, "-o", sealed, "--encrypt-with", key);
    Path plain = folder.resolve("plain.safetensors");
    assertThat(CommandLineRun.of("export", jar, "-o", plain).code()).isZero();
    Path opened = folder.resolve("opened.safetensors");
    assertThat(export(sealed, opened, "MODELC_KEY", digits)).isEmpty();
    assertThat(opened).hasSameBinaryContentAs(plain);
    Files.delete(opened);
    assertThat(export(sealed, opened, "MODELC_KEY_FILE", key.toString())).isEmpty();
    assertThat(opened).hasSameBinaryContentAs(plain);
    assertThat(export(sealed, opened, "MODELC_KEY", "0f".repeat(32)))
        .contains("the key does not open the parameters of model");
    assertThat(export(sealed, opened, "MODELC_KEY_FILE", "none.key"))
        .contains("the key file none.key cannot be read");
  }

  /** What the command says where it fails; nothing where it does not. */
  private static String export(Path from, Path to, String variable, String value) throws Exception {
    JavaProcess process = JavaProcess.of(Main.class.getName(), "export", from, "-o", to);
    process.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    process.environment().put(variable, value);
    JavaProcess.End end = process.run();
    return end.status() == 0 ? "" : end.said();
  }

  @Test
  void exportedParametersBuildTheSameModel() throws IOException {
    Path weights = folder.resolve("affine.safetensors");
    CommandLineRun run = CommandLineRun.of("export", jar, "-o", weights, "--json");
    assertThat(run.code()).as(run.error()).isZero();
    Path again = folder.resolve("again.jar");
    CommandLineRun built = CommandLineRun.of("build", model, "-o", again, "--weights", weights);
    assertThat(built.code()).as(built.error()).isZero();
    assertThat(again).hasSameBinaryContentAs(jar);
  }
}
