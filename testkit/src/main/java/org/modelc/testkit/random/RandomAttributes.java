package org.modelc.testkit.random;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.modelc.ir.op.Attribute;
import org.modelc.ir.op.AttributeText;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.RecordShape;
import org.modelc.ir.type.TensorType;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Draws attributes by the names and types of a record's components. Not all draws fit an op. */
final class RandomAttributes {
  private final Random random;
  private final DType floating;

  RandomAttributes(Random random, DType floating) {
    this.random = random;
    this.floating = floating;
  }

  /** Attributes for an op whose first operand has this type; null for kinds nothing is known of. */
  <A extends Record> A draw(OpDef<A> op, TensorType type) {
    Map<String, Object> arguments = new HashMap<>();
    for (RecordComponent component : RecordShape.of(op.attributesType()).components()) {
      Object value = draw(component, type);
      if (value != null) {
        arguments.put(component.getName(), value);
      } else if (isRequired(component)) {
        return null;
      }
    }
    return AttributeText.create(op.attributesType(), op.name(), arguments);
  }

  private static boolean isRequired(RecordComponent component) {
    Attribute attribute = component.getAnnotation(Attribute.class);
    return attribute == null || attribute.value().equals(Attribute.REQUIRED);
  }

  private Object draw(RecordComponent component, TensorType type) {
    String name = component.getName();
    Type kind = component.getGenericType();
    int rank = type.rank();
    if (kind == boolean.class) {
      return random.nextBoolean();
    } else if (kind == DType.class) {
      return List.of(floating, floating, DType.I32, DType.BOOL).get(random.nextInt(4));
    } else if (kind == int.class) {
      return number(name, rank);
    } else if (kind instanceof Class<?> c && c.isEnum()) {
      return c.getEnumConstants()[random.nextInt(c.getEnumConstants().length)];
    } else if (kind instanceof ParameterizedType list) {
      return list.getActualTypeArguments()[0] == Integer.class
          ? integers(name, rank)
          : dims(name, type);
    }
    return null;
  }

  private Object number(String name, int rank) {
    return switch (name) {
      case "axis", "from" -> rank == 0 ? 0 : random.nextInt(2 * rank) - rank;
      case "sections", "k" -> 1 + random.nextInt(3);
      case "correction" -> random.nextInt(2);
      default -> null;
    };
  }

  private Object integers(String name, int rank) {
    return switch (name) {
      case "axes" -> IntStream.range(0, rank).filter(a -> random.nextBoolean()).boxed().toList();
      case "permutation" -> {
        List<Integer> axes = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.shuffle(axes, random);
        yield axes;
      }
      case "stride" -> each(rank, () -> 1 + random.nextInt(3));
      case "interior" -> each(rank, () -> random.nextInt(2));
      default -> null;
    };
  }

  private Object dims(String name, TensorType type) {
    return switch (name) {
      case "low", "high" ->
          each(type.rank(), () -> random.nextInt(3)).stream().map(Dim::constant).toList();
      case "start" ->
          each(type.rank(), () -> random.nextInt(2)).stream().map(Dim::constant).toList();
      case "limit" -> type.shape().stream().map(this::limit).toList();
      default -> null;
    };
  }

  private Dim limit(Dim dim) {
    return dim.isStatic() && dim.value() > 2 && random.nextBoolean() ? dim.plus(-1) : dim;
  }

  private static List<Integer> each(int rank, java.util.function.IntSupplier draw) {
    return IntStream.generate(draw).limit(rank).boxed().toList();
  }
}
