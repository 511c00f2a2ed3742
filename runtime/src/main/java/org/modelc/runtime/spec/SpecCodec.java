package org.modelc.runtime.spec;

import java.util.Map;
import org.modelc.runtime.FormatException;

/**
 * The JSON of the spec records. Component names are field names; maps are written in the order of
 * their keys, so equal records give equal texts; fields that a record does not have are skipped,
 * and a missing list or map is empty.
 *
 * <p>Settings of type {@link Object} come back as {@link Json} reads them: whole numbers are {@link
 * Long}s.
 */
public final class SpecCodec {
  private SpecCodec() {}

  /** A record as JSON, indented. */
  public static String write(Record spec) {
    return Json.pretty(SpecEncoder.encode(spec));
  }

  /** A record as what {@link Json} reads and writes. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> encode(Record spec) {
    return (Map<String, Object>) SpecEncoder.encode(spec);
  }

  /**
   * Reads a record.
   *
   * @throws FormatException with the field's path, if the text is no JSON of such a record
   */
  public static <T extends Record> T read(String text, Class<T> type) {
    return decode(Json.readObject(text), type);
  }

  /** A record from what {@link Json} reads. */
  public static <T extends Record> T decode(Map<String, Object> json, Class<T> type) {
    return type.cast(new SpecDecoder(type.getSimpleName()).decode(json, type));
  }

  /**
   * Reads a manifest. Buffers of programs are read when they are first looked at; what is wrong
   * with them is told then.
   *
   * @throws FormatException if it is of a newer format than this runtime reads, or no manifest
   */
  public static ModelManifest readManifest(String text) {
    return decode(manifest(text, false), ModelManifest.class);
  }

  /**
   * Reads what predictions need of a manifest: it lacks data, recipe, targets, metrics and
   * baselines, and what is wrong with these is not told. What is wrong with a program is told when
   * the program is looked at.
   *
   * @throws FormatException as {@link #readManifest}
   */
  public static ModelManifest readStart(String text) {
    try {
      return StartReader.manifest(manifest(text, true));
    } catch (RuntimeException e) {
      return readManifest(text);
    }
  }

  private static Map<String, Object> manifest(String text, boolean start) {
    Map<String, Object> json = Json.object(JsonReader.ofManifest(text, start));
    checkFormat("manifest", json.get("format"), ModelManifest.FORMAT, json.get("compiler"));
    return json;
  }

  /**
   * Refuses a file of a newer format.
   *
   * @param what what is read, for the message
   * @param found its {@code format} field
   * @param newest the newest format that is understood
   */
  public static void checkFormat(String what, Object found, int newest) {
    checkFormat(what, found, newest, null);
  }

  private static void checkFormat(String what, Object found, int newest, Object version) {
    if (!(found instanceof Long)) {
      throw new FormatException("the " + what + " has no format number", "is it from modelc?");
    }
    if ((Long) found > newest) {
      throw new FormatException(
          "the " + what + " is of format " + found + ", this runtime reads up to " + newest,
          version == null
              ? "use the version of modelc that wrote it, or a newer one"
              : "take modelc-runtime " + version + " or newer; of several the first counts");
    }
  }
}
