package org.modelc.runtime.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random JSON values. */
final class JsonValues {
  private JsonValues() {}

  static Object random(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300);
      case 2 -> random.nextBoolean();
      case 3 -> text(random);
      case 4 -> (double) random.nextInt(100);
      case 5 -> list(random, depth - 1);
      default -> map(random, depth - 1);
    };
  }

  static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(8);
    for (int i = 0; i < length; i++) {
      text.append((char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(0x3000)));
    }
    return text.toString();
  }

  static List<Object> list(Random random, int depth) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(random(random, depth));
    }
    return list;
  }

  static Map<String, Object> map(Random random, int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(text(random), random(random, depth));
    }
    return map;
  }
}
