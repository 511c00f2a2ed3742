package org.modelc.data.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.modelc.data.Readers;
import org.modelc.data.SourceFiles;
import org.modelc.runtime.data.DataException;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.DataSpec.SourceSpec;

/**
 * {@code jsonl("rows.jsonl")}: one object a line. Columns are the keys in the order they first
 * occur; a key that a row has not, or that is null, is a missing value. Only the places of lines
 * are held in memory, rows are parsed when they are read.
 */
public final class JsonLinesSource implements Readers.Reader {
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @Override
  public List<String> paths() {
    return List.of("path");
  }

  @Override
  public Set<String> options() {
    return Set.of();
  }

  @Override
  public Dataset open(SourceSpec source, Path base, List<String> warnings) {
    String name = source.paths().get("path");
    if (name == null) {
      throw new DataException("jsonl has no file", "write jsonl(\"rows.jsonl\")");
    }
    return new JsonLinesDataset(SourceFiles.file(base, name));
  }

  /** Parses one row. */
  static JsonNode object(byte[] line, String place) {
    JsonNode node = parse(line, place);
    if (!node.isObject()) {
      throw new DataException(
          place + "an object is wanted, such as {\"age\": 31}", "each line is one row");
    }
    return node;
  }

  /**
   * Parses one JSON value that takes all of a text.
   *
   * @param place file and line for messages
   */
  static JsonNode parse(byte[] text, String place) {
    try {
      JsonNode node = MAPPER.readTree(decode(text, place));
      if (node == null || node.isMissingNode()) {
        throw new DataException(place + "there is no value", "");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new DataException(
          place + "no valid JSON: " + e.getOriginalMessage(), "see column " + column(e), e);
    }
  }

  private static int column(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
  }

  private static String decode(byte[] text, String place) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(text))
          .toString();
    } catch (CharacterCodingException e) {
      throw new DataException(place + "bytes that are no UTF-8", "save the file as UTF-8", e);
    }
  }
}
