package org.modelc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.InputSpec;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.SpecCodec;
import org.modelc.runtime.spec.TransformSpec;
import org.modelc.runtime.transform.Transforms;

/** Loading from resources and predicting from raw columns. */
class ModelTest {
  @TempDir Path folder;
  private Path manifestFile;
  private Path tensorsFile;

  @BeforeEach
  void writeModel() throws IOException {
    manifestFile = folder.resolve(ModelResources.manifestOf("Linear"));
    tensorsFile = folder.resolve(ModelResources.tensorsOf("Linear"));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("w", new Tensor(DType.F32, List.of(2), new float[] {2, -1}));
    tensors.put("b", new Tensor(DType.F32, List.of(), new float[] {10}));
    new Safetensors(tensors, Map.of()).write(tensorsFile);
    String crc = Safetensors.crc32(Files.readAllBytes(tensorsFile));
    String text = SpecCodec.write(manifest(Map.of(ModelResources.tensorsOf("Linear"), crc)));
    Files.writeString(manifestFile, text);
  }

  /** The linear model over x = (a, b), made from two raw columns. */
  private static ModelManifest manifest(Map<String, String> crc) {
    ModelManifest plain = LinearModel.manifest(2, null);
    TransformSpec spec = new TransformSpec("columns", List.of("a", "b"), List.of(), Map.of());
    Dataset rows = Dataset.of(Map.of("a", new double[] {1}, "b", new double[] {2}));
    FittedTransform both = Transforms.fit(spec, rows);
    return new ModelManifest(
        1,
        "Linear",
        "",
        "test",
        "jvm",
        plain.parameters(),
        plain.states(),
        List.of(new InputSpec("x", DType.F32, spec, "")),
        Map.of("x", both),
        Map.of(),
        plain.functions(),
        plain.programs(),
        null,
        null,
        null,
        List.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        crc);
  }

  private Model load() throws IOException {
    URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, ModelTest.class.getClassLoader());
    return Model.load(loader, "Linear");
  }

  @Test
  void predictsFromRawColumns() throws IOException {
    Predictor predictor = new Predictor(load(), "predict");
    assertThat(predictor.inputs().columns()).containsExactly("a", "b");
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("b", new double[] {2, 4, 0});
    columns.put("other", new String[] {"p", "q", "r"});
    columns.put("a", new int[] {1, 3, 5});
    Dataset data = Dataset.of(columns);
    Tensor result = predictor.predict(data.read(new int[] {0, 1, 2})).get("y");
    assertThat((float[]) result.values()).containsExactly(10, 12, 20);
    assertThat(result.shape()).containsExactly(3);
  }

  @Test
  void predictsMoreRowsThanOneChunk() throws IOException {
    Dataset data =
        Dataset.generated(
            List.of(
                org.modelc.runtime.data.Column.number("a"),
                org.modelc.runtime.data.Column.number("b")),
            600,
            row -> new Object[] {row, 2 * row});
    float[] result = (float[]) new Predictor(load(), "predict").predict(data).get("y").values();
    assertThat(result).hasSize(600).containsOnly(10);
  }

  @Test
  void missingColumnsAndFunctionsAreNamed() throws IOException {
    Model model = load();
    Dataset data = Dataset.of(Map.of("a", new double[] {1}, "bb", new double[] {1}));
    assertThatThrownBy(() -> new Predictor(model, "predict").predict(data))
        .hasMessageContaining("no column `b`")
        .extracting(e -> ((ModelcException) e).hint())
        .isEqualTo("did you mean `bb`?");
    assertThatThrownBy(() -> new Predictor(model, "predictt"))
        .hasMessage("model Linear has no function `predictt`");
  }

  @Test
  void damagedParametersAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(tensorsFile);
    bytes[bytes.length - 1] ^= 1;
    Files.write(tensorsFile, bytes);
    assertThatThrownBy(this::load)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("META-INF/modelc/Linear.safetensors is corrupt: its checksum is");
  }

  @Test
  void newerModelsAreRefused() throws IOException {
    String text = Files.readString(manifestFile).replaceFirst("\"format\": 1", "\"format\": 9");
    Files.writeString(manifestFile, text);
    assertThatThrownBy(this::load)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("is of format 9, this runtime reads up to 1");
  }

  @Test
  void missingAndBrokenFilesAreNamed() throws IOException {
    Files.writeString(manifestFile, Files.readString(manifestFile).substring(0, 300));
    assertThatThrownBy(this::load)
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("the manifest of model Linear cannot be used: JSON, line ");
    Files.delete(manifestFile);
    assertThatThrownBy(this::load)
        .hasMessage("there is no META-INF/modelc/Linear.json on the class path");
  }

  @Test
  void missingCodeIsNamed() throws IOException {
    Files.writeString(
        manifestFile, Files.readString(manifestFile).replace("LinearModel$Predict\"", "Gone\""));
    Model model = load();
    assertThatThrownBy(() -> model.newSession().frame("predict"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("the code of program `predict` of model Linear cannot be loaded");
  }

  @Test
  void threadsShareAModel() throws Exception {
    Model model = load();
    Predictor predictor = new Predictor(model, "predict");
    Thread[] threads = new Thread[4];
    int[] wrong = new int[threads.length];
    for (int t = 0; t < threads.length; t++) {
      int id = t;
      wrong[t] = -1;
      threads[t] = new Thread(() -> wrong[id] = countWrong(predictor, id));
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).containsOnly(0);
  }

  private static int countWrong(Predictor predictor, int id) {
    int wrong = 0;
    for (int i = 0; i < 200; i++) {
      Dataset data = Dataset.of(Map.of("a", new double[] {i, id}, "b", new double[] {id, i}));
      float[] y = (float[]) predictor.predict(data).get("y").values();
      wrong += y[0] == 2 * i - id + 10 && y[1] == 2 * id - i + 10 ? 0 : 1;
    }
    return wrong;
  }

  /** Bytes allocated by the thread, over many calls that are alike; the first ones may compile. */
  @Test
  void callsOfASessionAllocateNothing() throws IOException {
    Frame frame = load().newSession().frame("predict");
    float[] x = {1, 2, 3, 4};
    float[] y = new float[2];
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long allocated = 0;
    for (int round = 0; round < 5; round++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (int i = 0; i < 1000; i++) {
        frame.bind(0, x);
        frame.bind(3, y);
        frame.run();
      }
      allocated = threads.getThreadAllocatedBytes(id) - before;
    }
    assertThat(y).containsExactly(10, 12);
    assertThat(allocated).isLessThan(1000);
  }
}
