package org.modelc.runtime.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.spec.NativeSpec.LevelSpec;
import org.modelc.runtime.spec.ProgramAbi.Bound;
import org.modelc.runtime.spec.ProgramAbi.Buffer;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * JSON to what predictions need of a manifest, written out record by record: a process that has
 * just begun takes longer to find out how records are made than to make them. If anything is wrong
 * it throws whatever comes first; {@link SpecDecoder} then tells what it is.
 */
final class StartReader {
  private StartReader() {}

  static ModelManifest manifest(Map<?, ?> json) {
    List<InputSpec> inputs = new ArrayList<>();
    for (Object each : list(json.get("inputs"))) {
      inputs.add(record(each, InputSpec.class));
    }
    Map<String, FittedTransform> fitted = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map(json.get("fitted")).entrySet()) {
      fitted.put((String) entry.getKey(), record(entry.getValue(), FittedTransform.class));
    }
    Map<String, List<String>> labels = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map(json.get("labels")).entrySet()) {
      labels.put((String) entry.getKey(), texts(entry.getValue()));
    }
    List<FunctionSpec> functions = new ArrayList<>();
    for (Object each : list(json.get("functions"))) {
      functions.add(function((Map<?, ?>) each));
    }
    return new ModelManifest(
        ((Long) json.get("format")).intValue(),
        text(json, "name"),
        text(json, "doc"),
        text(json, "compiler"),
        text(json, "backend"),
        tensors(json.get("parameters")),
        tensors(json.get("states")),
        inputs,
        fitted,
        labels,
        functions,
        programs(json.get("programs"), "ModelManifest.programs"),
        nativeCode((Map<?, ?>) json.get("nativeCode")),
        null,
        null,
        List.of(),
        Map.of(),
        Map.of(),
        textMap(json.get("terms")),
        textMap(json.get("crc32")));
  }

  private static FunctionSpec function(Map<?, ?> json) {
    return new FunctionSpec(
        text(json, "name"),
        text(json, "doc"),
        tensors(json.get("inputs")),
        tensors(json.get("outputs")),
        text(json, "program"));
  }

  private static List<TensorSpec> tensors(Object json) {
    List<TensorSpec> tensors = new ArrayList<>();
    for (Object each : list(json)) {
      Map<?, ?> tensor = (Map<?, ?>) each;
      tensors.add(
          new TensorSpec(
              text(tensor, "name"), dtype(tensor), dims(tensor.get("shape")), text(tensor, "doc")));
    }
    return tensors;
  }

  private static NativeSpec nativeCode(Map<?, ?> json) {
    if (json == null) {
      return null;
    }
    Map<String, List<LevelSpec>> platforms = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map(json.get("platforms")).entrySet()) {
      List<LevelSpec> levels = new ArrayList<>();
      for (Object each : list(entry.getValue())) {
        Map<?, ?> level = (Map<?, ?>) each;
        List<Integer> programs = new ArrayList<>();
        for (Object index : list(level.get("programs"))) {
          programs.add(Math.toIntExact((Long) index));
        }
        levels.add(new LevelSpec(text(level, "name"), programs, dims(level.get("scratchBytes"))));
      }
      platforms.put((String) entry.getKey(), levels);
    }
    List<ProgramAbi> programs = programs(json.get("programs"), "ModelManifest.nativeCode.programs");
    return new NativeSpec(text(json, "type"), programs, platforms);
  }

  @SuppressWarnings("unchecked")
  private static List<ProgramAbi> programs(Object json, String path) {
    LaterList programs =
        json instanceof LaterList
            ? ((LaterList) json).at(path, ProgramAbi.class)
            : new LaterList(list(json), path);
    return (List<ProgramAbi>) (Object) programs;
  }

  /**
   * A program or a buffer.
   *
   * @param path where it stands
   */
  static Object element(Map<?, ?> json, String path, Object type) {
    return type == Buffer.class ? buffer(json) : program(json, path);
  }

  @SuppressWarnings("unchecked")
  private static ProgramAbi program(Map<?, ?> json, String path) {
    List<Bound> bounds = new ArrayList<>();
    for (Object each : list(json.get("bounds"))) {
      Map<?, ?> bound = (Map<?, ?>) each;
      long minimum = (Long) bound.get("minimum");
      bounds.add(new Bound(dim(bound.get("dim")), minimum, (Long) bound.get("maximum")));
    }
    Object buffers = json.get("buffers");
    return new ProgramAbi(
        text(json, "name"),
        text(json, "symbol"),
        texts(json.get("dims")),
        bounds,
        buffers == null
            ? List.of()
            : (List<Buffer>) (Object) ((LaterList) buffers).at(path + ".buffers", Buffer.class),
        dim(json.get("peakBytes")),
        dim(json.get("work")));
  }

  private static Buffer buffer(Map<?, ?> json) {
    Boolean inPlace = (Boolean) json.get("inPlace");
    return new Buffer(
        text(json, "name"),
        role(json),
        dtype(json),
        dims(json.get("shape")),
        text(json, "updates"),
        inPlace != null && inPlace);
  }

  private static DType dtype(Map<?, ?> json) {
    String name = text(json, "dtype");
    return name == null ? null : DType.of(name);
  }

  /** Enum.valueOf asks by reflection. */
  private static Role role(Map<?, ?> json) {
    String name = text(json, "role");
    if (name == null) {
      return null;
    }
    for (Role role : Role.values()) {
      if (role.name().equals(name)) {
        return role;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static <T extends Record> T record(Object json, Class<T> type) {
    return type.cast(new SpecDecoder(type.getSimpleName()).decode(json, type));
  }

  private static List<Dim> dims(Object json) {
    List<Dim> dims = new ArrayList<>();
    for (Object each : list(json)) {
      dims.add(dim(each));
    }
    return dims;
  }

  /** A dim from a number or a text; null is none. */
  static Dim dim(Object json) {
    if (json == null) {
      return null;
    }
    if (json instanceof Long) {
      return Dim.constant((Long) json);
    }
    String text = (String) json;
    return isName(text) ? Dim.symbol(text) : Dim.parse(text);
  }

  /** Whether a dim is a symbol alone, as most are: parsing sums takes longer. */
  private static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '_') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static List<String> texts(Object json) {
    List<String> texts = new ArrayList<>();
    for (Object each : list(json)) {
      texts.add((String) each);
    }
    return texts;
  }

  private static Map<String, String> textMap(Object json) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map(json).entrySet()) {
      texts.put((String) entry.getKey(), (String) entry.getValue());
    }
    return texts;
  }

  private static String text(Map<?, ?> json, String name) {
    return (String) json.get(name);
  }

  private static List<?> list(Object json) {
    return json == null ? List.of() : (List<?>) json;
  }

  private static Map<?, ?> map(Object json) {
    return json == null ? Map.of() : (Map<?, ?>) json;
  }
}
