package org.modelc.compiler.jar;

import java.util.ArrayList;
import java.util.List;
import org.modelc.runtime.ModelResources;
import org.modelc.runtime.spec.SpecCodec;

/**
 * Where a model comes from: {@code META-INF/modelc/<Model>/provenance.json}. Holds nothing of the
 * machine or the time, so that the same inputs give the same bytes.
 *
 * @param model the model's name
 * @param compiler the version of modelc
 * @param sourceSha256 of the model file's UTF-8 bytes
 * @param seed the seed of the training or, untrained, of the first parameters
 * @param trained whether the parameters come from a training by the model file's recipe
 * @param data what rows were read from; empty if none were
 * @param licence under what terms the model may be used; empty if nobody said
 * @param intendedUse what it is for; empty if nobody said
 */
public record Provenance(
    String model,
    String compiler,
    String sourceSha256,
    long seed,
    boolean trained,
    List<DataFile> data,
    String licence,
    String intendedUse) {
  public Provenance {
    data = List.copyOf(data);
  }

  /**
   * A file or folder of rows.
   *
   * @param path as the model file has it
   * @param sha256 of its bytes
   */
  public record DataFile(String path, String sha256) {}

  /** The resource's name. */
  public static String resourceOf(String model) {
    return ModelResources.FOLDER + model + "/provenance.json";
  }

  /** As JSON. */
  public String encode() {
    return SpecCodec.write(this);
  }

  /**
   * Reads JSON.
   *
   * @throws org.modelc.runtime.FormatException if it is no provenance
   */
  public static Provenance decode(String text) {
    return SpecCodec.read(text, Provenance.class);
  }

  /** With terms of a publisher, where they are given. */
  public Provenance withTerms(String otherLicence, String otherUse) {
    return new Provenance(
        model,
        compiler,
        sourceSha256,
        seed,
        trained,
        data,
        otherLicence == null ? licence : otherLicence,
        otherUse == null ? intendedUse : otherUse);
  }

  /**
   * What a doc comment says after a word at the beginning of a line, lines indented below it
   * included.
   *
   * @param words such as {@code Licence:}; the first that is found counts
   * @return empty if none is there
   */
  public static String said(String doc, String... words) {
    List<String> parts = new ArrayList<>();
    for (String line : doc.lines().toList()) {
      if (!parts.isEmpty() && line.startsWith("  ")) {
        parts.add(line.strip());
      } else if (parts.isEmpty()) {
        for (String word : words) {
          if (line.strip().startsWith(word)) {
            parts.add(line.strip().substring(word.length()).strip());
          }
        }
      } else {
        break;
      }
    }
    return String.join(" ", parts);
  }
}
