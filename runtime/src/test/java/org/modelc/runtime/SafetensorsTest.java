package org.modelc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.runtime.spec.DType;

class SafetensorsTest {
  @TempDir Path folder;

  private static Safetensors sample() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("f", new Tensor(DType.F32, List.of(2, 2), new float[] {1, -0f, Float.NaN, 1e-40f}));
    tensors.put("flag", new Tensor(DType.BOOL, List.of(3), new byte[] {1, 0, 1}));
    tensors.put("d", new Tensor(DType.F64, List.of(), new double[] {Math.PI}));
    tensors.put("i", new Tensor(DType.I32, List.of(1), new int[] {-7}));
    tensors.put("l", new Tensor(DType.I64, List.of(1), new long[] {Long.MIN_VALUE}));
    tensors.put("b", new Tensor(DType.BF16, List.of(1), new short[] {0x3f80}));
    tensors.put("h", new Tensor(DType.F16, List.of(2), new short[] {0x3c00, (short) 0xc000}));
    tensors.put("none", new Tensor(DType.F32, List.of(0, 5), new float[0]));
    return new Safetensors(tensors, Map.of("key", "value \"é\""));
  }

  private static byte[] bytes(Safetensors file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    file.write(out);
    return out.toByteArray();
  }

  @Test
  void writesWhatItReads() throws IOException {
    Safetensors read = Safetensors.read(bytes(sample()), "x");
    assertThat(read.metadata()).isEqualTo(sample().metadata());
    assertThat(read.tensors().keySet()).containsExactlyElementsOf(sample().tensors().keySet());
    sample()
        .tensors()
        .forEach((name, t) -> assertThat(read.tensors().get(name).sameBits(t)).isTrue());
    assertThat(bytes(read)).isEqualTo(bytes(sample()));
  }

  @Test
  void tensorsThatNativeCodeReadsGoToDirectMemoryAtOnce() throws IOException {
    SafetensorsReader read = new SafetensorsReader(bytes(sample()), "x", true);
    assertThat(read.tensors().keySet()).containsExactlyElementsOf(sample().tensors().keySet());
    sample()
        .tensors()
        .forEach(
            (name, t) -> {
              Tensor found = read.tensors().get(name);
              assertThat(found.isDirect()).isTrue();
              assertThat(found.direct()).isSameAs(found);
              assertThat(found.shape()).isEqualTo(t.shape());
              assertThat(found.sameBits(t)).isTrue();
            });
    assertThat(bytes(new Safetensors(read.tensors(), read.metadata()))).isEqualTo(bytes(sample()));
  }

  /** The layout of the format's README: length of 8 bytes, header, data. */
  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    Tensor one = new Tensor(DType.F32, List.of(1), new float[] {1});
    byte[] bytes = bytes(new Safetensors(Map.of("w", one), Map.of()));
    String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    int padded = (header.length() + 7) / 8 * 8;
    assertThat(bytes).hasSize(8 + padded + 4);
    assertThat(new String(bytes, 8, padded, StandardCharsets.UTF_8).trim()).isEqualTo(header);
    assertThat(Arrays.copyOf(bytes, 8)).containsExactly(padded, 0, 0, 0, 0, 0, 0, 0);
    assertThat(Arrays.copyOfRange(bytes, 8 + padded, bytes.length))
        .containsExactly(0, 0, 0x80, 0x3f);
  }

  private static byte[] raw(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}`|8|has 8 bytes",
        "`{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}`|4|lies at",
        "`{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}`|8|take 4 bytes of 8",
        "`{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}`|8|leave a hole at 0",
        "`{\"a\":{\"dtype\":\"U7\",\"shape\":[1],\"data_offsets\":[0,4]}}`|4|type U7",
        "`{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}`|4|dim of -1",
        "`{\"a\":{\"dtype\":\"I8\",\"shape\":[2000000000,2000000000,2000000000],"
            + "\"data_offsets\":[0,4]}}`|4|has shape",
        "`{\"a\":{\"dtype\":\"I8\",\"shape\":[2000000000],\"data_offsets\":[0,4]}}`|4|has 4 bytes",
        "`{\"a\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[2,6]}}`|6|overlap at 4",
        "`{\"a\":7}`|0|described by no object",
        "`[]`|0|no object",
      })
  void refusesWhatDoesNotFit(String header, int dataBytes, String message) {
    assertThatThrownBy(() -> Safetensors.read(raw(header, dataBytes), "w.safetensors"))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("w.safetensors is no safetensors file")
        .hasMessageContaining(message);
  }

  @Test
  void namesMayHaveAnyCharacterButTheHeaderMustBeUtf8() {
    String header =
        "{\"\uFFFD\u00e9\u1234\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]}}";
    byte[] bytes = raw(header, 1);
    assertThat(Safetensors.read(bytes, "w").tensors()).containsOnlyKeys("\uFFFD\u00e9\u1234");
    bytes[8 + 3] = 'x';
    assertThatThrownBy(() -> Safetensors.read(bytes, "w.safetensors"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("no UTF-8");
  }

  @Test
  void refusesAbsurdHeaderLengthsWithoutMakingArrays() {
    byte[] bytes = new byte[16];
    Arrays.fill(bytes, (byte) 0x7f);
    assertThatThrownBy(() -> Safetensors.read(bytes, "x"))
        .hasMessageContaining("a header of 9187201950435737471 bytes in a file of 16");
    assertThatThrownBy(() -> Safetensors.read(new byte[3], "x"))
        .hasMessageContaining("has 3 bytes");
  }

  @Test
  void damagedFilesAreFormatErrorsAndNothingElse() throws IOException {
    byte[] good = bytes(sample());
    Random random = new Random(5);
    for (int i = 0; i < 3000; i++) {
      byte[] bad =
          Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
      for (int j = 0; j < 2 && bad.length > 0; j++) {
        bad[random.nextInt(Math.min(bad.length, 300))] = (byte) random.nextInt(256);
      }
      try {
        Safetensors.read(bad, "x");
      } catch (FormatException expected) {
        assertThat(expected.getMessage()).startsWith("x is no safetensors file");
      }
    }
  }

  @Test
  void anUnwritablePlaceKeepsTheOldFile() throws IOException {
    Path file = folder.resolve("w.safetensors");
    sample().write(file);
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(ModelcException.class)
        .hasMessageContaining("No space left on device");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(folder).isDirectoryContaining(p -> true).isDirectoryNotContaining("glob:**.part");
    assertThatThrownBy(() -> sample().write(file.resolve("below")))
        .isInstanceOf(ModelcException.class)
        .hasMessageContaining("cannot write");
    assertThatThrownBy(() -> Safetensors.read(folder.resolve("none")))
        .hasMessageContaining("there is no file");
  }

  @Test
  void writtenFilesHaveThePermissionsOfOtherNewFiles() throws IOException {
    Path file = folder.resolve("w.safetensors");
    sample().write(file);
    Path plain = Files.createFile(folder.resolve("plain"));
    assertThat(file.toFile().canRead()).isEqualTo(plain.toFile().canRead());
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(Files.getPosixFilePermissions(plain));
    }
  }

  /** The check value of CRC-32 in the catalogue of CRC algorithms. */
  @Test
  void crcOfTheCheckText() {
    assertThat(Safetensors.crc32("123456789".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo("cbf43926");
  }
}
