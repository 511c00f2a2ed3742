package org.modelc.ir.op;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Documents a component of an attribute record and gives its default, as text of the language
 * ({@code "-1"}, {@code "[1, 1]"}, {@code "f32"}). Without a default the argument is required.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Attribute {
  /** One line for the reference. */
  String doc() default "";

  /** The default value's text; the default of this default means: required. */
  String value() default REQUIRED;

  /** Marks an attribute without a default. */
  String REQUIRED = "\u0000";
}
