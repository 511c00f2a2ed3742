package org.modelc.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.runtime.spec.Json;

/**
 * Files of named tensors in the safetensors format: the header's length in 8 bytes, the header as
 * JSON, the tensors' bytes. Source: github.com/huggingface/safetensors, README, "Format".
 *
 * @param tensors the tensors by name, in the order of the header
 * @param metadata free texts by name
 */
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
  /** Writes bytes of tensors to a stream, metadata in the order of its keys. */
  public void write(OutputStream out) throws IOException {
    byte[] header = header();
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.length).array());
    out.write(header);
    for (Tensor tensor : tensors.values()) {
      out.write(tensor.encode());
    }
  }

  /**
   * Writes a file, whole or not at all.
   *
   * @throws ModelcException if it cannot be written
   */
  public void write(Path path) {
    AtomicFile.write(path, this);
  }

  private byte[] header() {
    Map<String, Object> header = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      header.put("__metadata__", new TreeMap<String, Object>(metadata));
    }
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      long end = offset + (long) tensor.size() * tensor.dtype().bytes();
      Map<String, Object> field = new LinkedHashMap<>();
      field.put("dtype", tensor.dtype().text().toUpperCase(java.util.Locale.ROOT));
      field.put("shape", new ArrayList<Object>(tensor.shape()));
      field.put("data_offsets", List.of(offset, end));
      header.put(entry.getKey(), field);
      offset = end;
    }
    StringBuilder text = new StringBuilder(Json.write(header));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    // Blanks at the end bring the tensors to a multiple of 8, as the format advises.
    text.append(" ".repeat((8 - bytes.length % 8) % 8));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a file.
   *
   * @throws FormatException if it is truncated or malformed
   * @throws ModelcException if it cannot be read
   */
  public static Safetensors read(Path path) {
    return read(AtomicFile.read(path), path.toString());
  }

  /**
   * Reads the bytes of a file.
   *
   * @param name what to call the file in messages
   * @throws FormatException if they are truncated or malformed
   */
  public static Safetensors read(byte[] bytes, String name) {
    SafetensorsReader file = new SafetensorsReader(bytes, name, false);
    return new Safetensors(file.tensors(), file.metadata());
  }

  /** The checksum of bytes as eight hexadecimal digits. */
  public static String crc32(byte[] bytes) {
    return ModelFiles.crc32(bytes);
  }
}
