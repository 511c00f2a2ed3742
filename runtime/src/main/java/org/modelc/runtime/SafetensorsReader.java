package org.modelc.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Json;

/** Reads a safetensors file, trusting nothing in it: no array is made before its bytes are seen. */
final class SafetensorsReader {
  private final byte[] bytes;
  private final boolean direct;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private int start;

  /**
   * Reads the bytes of a file.
   *
   * @param name what to call the file in messages
   * @param direct tensors shall lie in direct memory
   */
  SafetensorsReader(byte[] bytes, String name, boolean direct) {
    this.bytes = bytes;
    this.direct = direct;
    try {
      read();
    } catch (FormatException e) {
      throw new FormatException(
          name + " is no safetensors file: " + e.getMessage(), "it may be truncated or corrupt", e);
    }
  }

  Map<String, Tensor> tensors() {
    return tensors;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  private void read() {
    Map<String, Object> header = Json.readObject(headerText());
    TreeMap<Long, Long> ranges = new TreeMap<>();
    for (Map.Entry<String, Object> entry : header.entrySet()) {
      if (!entry.getKey().equals("__metadata__")) {
        tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue(), ranges));
      }
    }
    checkCovered(ranges);
    readMetadata(header.get("__metadata__"));
  }

  private String headerText() {
    if (bytes.length < 8) {
      throw error("it has " + bytes.length + " bytes, the header's length takes 8");
    }
    long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > bytes.length - 8) {
      throw error("a header of " + length + " bytes in a file of " + bytes.length);
    }
    start = 8 + (int) length;
    String text = new String(bytes, 8, (int) length, StandardCharsets.UTF_8);
    // Java puts U+FFFD where bytes are no UTF-8; the bytes may have one, too.
    if (text.indexOf('\uFFFD') >= 0
        && !Arrays.equals(
            text.getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(bytes, 8, start))) {
      throw error("the header is no UTF-8");
    }
    return text;
  }

  private Tensor tensor(String name, Object json, TreeMap<Long, Long> ranges) {
    if (!(json instanceof Map)) {
      throw error("tensor `" + name + "` is described by no object");
    }
    Map<?, ?> field = (Map<?, ?>) json;
    DType dtype = dtype(String.valueOf(field.get("dtype")));
    List<Integer> shape = shape(name, field.get("shape"));
    long[] range = range(name, field.get("data_offsets"));
    long size = size(name, shape);
    if (size > bytes.length || size * dtype.bytes() != range[1] - range[0]) {
      throw error(
          "tensor `" + name + "` " + dtype + shape + " has " + (range[1] - range[0]) + " bytes");
    }
    if (size > 0 && ranges.put(range[0], range[1]) != null) {
      throw error("tensor `" + name + "` overlaps another");
    }
    return Tensor.decode(dtype, shape, bytes, start + (int) range[0], direct);
  }

  private static long size(String name, List<Integer> shape) {
    try {
      return Tensor.size(shape);
    } catch (ArithmeticException e) {
      throw error("tensor `" + name + "` has shape " + shape);
    }
  }

  private static List<Integer> shape(String name, Object json) {
    List<Integer> shape = new ArrayList<>();
    for (long dim : longs(name, "shape", json)) {
      if (dim < 0 || dim > Integer.MAX_VALUE) {
        throw error("tensor `" + name + "` has a dim of " + dim);
      }
      shape.add((int) dim);
    }
    return shape;
  }

  private long[] range(String name, Object json) {
    long[] range = longs(name, "data_offsets", json);
    boolean valid = range.length == 2 && range[0] >= 0 && range[0] <= range[1];
    if (!valid || range[1] > bytes.length - start) {
      throw error(
          "tensor `" + name + "` lies at " + json + " of " + (bytes.length - start) + " bytes");
    }
    return range;
  }

  private static long[] longs(String name, String what, Object json) {
    if (!(json instanceof List)) {
      throw error("tensor `" + name + "` has no " + what);
    }
    List<?> list = (List<?>) json;
    long[] values = new long[list.size()];
    for (int i = 0; i < values.length; i++) {
      if (!(list.get(i) instanceof Long)) {
        throw error("tensor `" + name + "` has " + what + " " + json);
      }
      values[i] = (Long) list.get(i);
    }
    return values;
  }

  /** The format allows no holes and no overlaps: ranges end where the next begins. */
  private void checkCovered(TreeMap<Long, Long> ranges) {
    long end = 0;
    for (Map.Entry<Long, Long> range : ranges.entrySet()) {
      if (range.getKey() != end) {
        throw error(
            "the tensors " + (range.getKey() < end ? "overlap" : "leave a hole") + " at " + end);
      }
      end = range.getValue();
    }
    if (end != bytes.length - start) {
      throw error("the tensors take " + end + " bytes of " + (bytes.length - start));
    }
  }

  private void readMetadata(Object json) {
    if (json instanceof Map) {
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) json).entrySet()) {
        metadata.put((String) entry.getKey(), String.valueOf(entry.getValue()));
      }
    }
  }

  /** The element type of a name such as {@code F32}. */
  private static DType dtype(String name) {
    for (DType dtype : DType.values()) {
      if (dtype.name().equals(name)) {
        return dtype;
      }
    }
    throw error("element type " + name + " is not supported");
  }

  private static FormatException error(String message) {
    return new FormatException(message, "");
  }
}
