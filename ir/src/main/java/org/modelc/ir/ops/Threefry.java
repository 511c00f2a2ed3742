package org.modelc.ir.ops;

import java.nio.charset.StandardCharsets;

/**
 * Threefry-2x32 with 20 rounds (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, 2011):
 * a bijection of 64-bit counters for each 64-bit key, so that any element of a random tensor is
 * computed by itself. Tested with the known answers of Random123.
 *
 * <p>In plain Java here; {@link ThreefryExpr} is the same as kernel expressions.
 */
final class Threefry {
  static final int ROUNDS = 20;

  /** Added to the key so that no key gives all zeros. */
  static final int PARITY = 0x1BD11BDA;

  private static final int[] ROTATIONS = {13, 15, 26, 6, 17, 29, 16, 24};

  private Threefry() {}

  /** The bits that a round rotates by. */
  static int rotation(int round) {
    return ROTATIONS[round % ROTATIONS.length];
  }

  /** Two random words for a key and a counter of two words each. */
  static int[] words(int[] key, int[] counter) {
    int[] schedule = {key[0], key[1], PARITY ^ key[0] ^ key[1]};
    int x = counter[0] + schedule[0];
    int y = counter[1] + schedule[1];
    for (int round = 0; round < ROUNDS; round++) {
      x += y;
      y = Integer.rotateLeft(y, rotation(round)) ^ x;
      if (round % 4 == 3) {
        int injection = round / 4 + 1;
        x += schedule[injection % 3];
        y += schedule[(injection + 1) % 3] + injection;
      }
    }
    return new int[] {x, y};
  }

  /** The low and the high word of a number. */
  static int[] split(long number) {
    return new int[] {(int) number, (int) (number >>> 32)};
  }

  /**
   * The key of a site at a step: the seed's words encrypt the site, the outcome encrypts the step.
   */
  static int[] key(long seed, String site, long step) {
    return words(words(split(seed), split(hash(site))), split(step));
  }

  /** FNV-1a, 64 bits, of the text in UTF-8. */
  static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
