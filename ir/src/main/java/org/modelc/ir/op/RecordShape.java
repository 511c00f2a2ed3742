package org.modelc.ir.op;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The components of a record class, for code that treats all records alike. Kept for each class:
 * the JDK makes them, and reads their annotations, anew at each question.
 *
 * @param <R> the record class
 */
public final class RecordShape<R extends Record> {
  private static final ClassValue<RecordShape<?>> SHAPES =
      new ClassValue<>() {
        @Override
        protected RecordShape<?> computeValue(Class<?> type) {
          return new RecordShape<>(type.asSubclass(Record.class));
        }
      };

  private final List<RecordComponent> components;
  private final Method[] accessors;
  private final Constructor<R> constructor;

  private RecordShape(Class<R> type) {
    this.components = List.of(type.getRecordComponents());
    this.accessors = components.stream().map(RecordComponent::getAccessor).toArray(Method[]::new);
    Class<?>[] types = components.stream().map(RecordComponent::getType).toArray(Class[]::new);
    try {
      this.constructor = type.getDeclaredConstructor(types);
    } catch (NoSuchMethodException impossible) {
      throw new IllegalStateException(type + " has no canonical constructor", impossible);
    }
    AccessibleObject.setAccessible(accessors, true);
    constructor.setAccessible(true);
  }

  /** The shape of a record class. */
  @SuppressWarnings("unchecked") // the shape kept for a class is of that class
  public static <R extends Record> RecordShape<R> of(Class<R> type) {
    return (RecordShape<R>) SHAPES.get(type);
  }

  /** The values of a record's components, in order; may hold null. */
  public static List<Object> values(Record record) {
    List<Object> values = new ArrayList<>();
    for (Method accessor : of(record.getClass()).accessors) {
      values.add(read(record, accessor));
    }
    return Collections.unmodifiableList(values);
  }

  private static Object read(Record record, Method accessor) {
    try {
      return accessor.invoke(record);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("cannot read " + accessor, impossible);
    }
  }

  /** The components, in order. */
  public List<RecordComponent> components() {
    return components;
  }

  /** The components' names, in order. */
  public List<String> names() {
    return components.stream().map(RecordComponent::getName).toList();
  }

  /**
   * A record of these values.
   *
   * @throws RuntimeException whatever the record's constructor throws
   */
  public R make(Object... values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(thrown.getCause());
    } catch (ReflectiveOperationException impossible) {
      String given = Arrays.toString(values);
      throw new IllegalStateException("cannot make " + constructor + " of " + given, impossible);
    }
  }
}
