package org.modelc.runtime.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A size: a polynomial with integer coefficients over named dims, such as {@code 4*B*T + 2}.
 *
 * <p>A static dim is a constant. Terms are kept in canonical order, so equal polynomials are equal
 * objects and print alike.
 */
public final class Dim implements Comparable<Dim> {
  public static final Dim ZERO = constant(0);
  public static final Dim ONE = constant(1);

  /** Coefficient by monomial; a monomial is its sorted symbols, repeated for powers. */
  private final TreeMap<Monomial, Long> terms;

  private final boolean isStatic;

  /** The constant term. */
  private final long constant;

  /** 0 until it is asked for: hashing a map is slow, and the compiler's tables are full of dims. */
  private int hash;

  private Dim(TreeMap<Monomial, Long> terms) {
    this.terms = terms;
    Long constant = terms.get(Monomial.UNIT);
    this.constant = constant == null ? 0 : constant;
    this.isStatic = terms.size() == (constant == null ? 0 : 1);
  }

  /** A product of dynamic dims; the empty one is the constant term. */
  public record Monomial(List<String> symbols) implements Comparable<Monomial> {
    /** The constant monomial. */
    public static final Monomial UNIT = new Monomial(List.of());

    public Monomial {
      symbols = List.copyOf(symbols);
    }

    @Override
    public int compareTo(Monomial other) {
      if (symbols.size() != other.symbols.size()) {
        return Integer.compare(other.symbols.size(), symbols.size());
      }
      for (int i = 0; i < symbols.size(); i++) {
        int order = symbols.get(i).compareTo(other.symbols.get(i));
        if (order != 0) {
          return order;
        }
      }
      return 0;
    }

    // Written out, as the generated methods would build themselves when a process first needs them.
    @Override
    public boolean equals(Object other) {
      return other instanceof Monomial && symbols.equals(((Monomial) other).symbols);
    }

    @Override
    public int hashCode() {
      return symbols.hashCode();
    }

    Monomial times(Monomial other) {
      if (symbols.isEmpty() || other.symbols.isEmpty()) {
        return symbols.isEmpty() ? other : this;
      }
      List<String> product = new ArrayList<>(symbols);
      product.addAll(other.symbols);
      Collections.sort(product);
      return new Monomial(product);
    }

    /** The monomial q with q × divisor = this, or null. */
    Monomial dividedBy(Monomial divisor) {
      List<String> rest = new ArrayList<>(symbols);
      for (String symbol : divisor.symbols) {
        if (!rest.remove(symbol)) {
          return null;
        }
      }
      return new Monomial(rest);
    }
  }

  public static Dim constant(long value) {
    TreeMap<Monomial, Long> terms = new TreeMap<>();
    if (value != 0) {
      terms.put(Monomial.UNIT, value);
    }
    return new Dim(terms);
  }

  /** A dynamic dim, bound at each call. */
  public static Dim symbol(String name) {
    TreeMap<Monomial, Long> terms = new TreeMap<>();
    terms.put(new Monomial(List.of(name)), 1L);
    return new Dim(terms);
  }

  public boolean isStatic() {
    return isStatic;
  }

  public boolean is(long value) {
    return isStatic && constant == value;
  }

  /**
   * The value of a static dim.
   *
   * @throws IllegalStateException if the dim is dynamic
   */
  public long value() {
    if (!isStatic()) {
      throw new IllegalStateException("dim " + this + " is known only at a call");
    }
    return constant;
  }

  /**
   * The value of a static dim as an int.
   *
   * @throws ArithmeticException if it is 2³¹ or more
   */
  public int intValue() {
    return Math.toIntExact(value());
  }

  /** The coefficients by monomial, in printing order. */
  public Map<Monomial, Long> terms() {
    return Collections.unmodifiableMap(terms);
  }

  /** The monomials in printing order. */
  public List<Monomial> monomials() {
    return new ArrayList<>(terms.keySet());
  }

  /** The coefficient of a monomial; 0 if it does not occur. */
  public long coefficient(Monomial monomial) {
    Long value = terms.get(monomial);
    return value == null ? 0 : value;
  }

  /** The names of the dynamic dims that occur. */
  public Set<String> symbols() {
    Set<String> symbols = new TreeSet<>();
    for (Monomial monomial : terms.keySet()) {
      symbols.addAll(monomial.symbols());
    }
    return symbols;
  }

  public Dim plus(Dim other) {
    if (other.terms.isEmpty()) {
      return this;
    }
    if (terms.isEmpty()) {
      return other;
    }
    if (isStatic && other.isStatic) {
      return constant(Math.addExact(constant, other.constant));
    }
    TreeMap<Monomial, Long> sum = new TreeMap<>(terms);
    for (Map.Entry<Monomial, Long> term : other.terms.entrySet()) {
      add(sum, term.getKey(), term.getValue());
    }
    return new Dim(sum);
  }

  public Dim plus(long other) {
    return plus(constant(other));
  }

  public Dim minus(Dim other) {
    return plus(other.times(-1));
  }

  public Dim times(long factor) {
    return times(constant(factor));
  }

  public Dim times(Dim other) {
    if (other.is(1)) {
      return this;
    }
    if (is(1)) {
      return other;
    }
    if (isStatic && other.isStatic) {
      return constant(Math.multiplyExact(constant, other.constant));
    }
    TreeMap<Monomial, Long> product = new TreeMap<>();
    for (Map.Entry<Monomial, Long> left : terms.entrySet()) {
      for (Map.Entry<Monomial, Long> right : other.terms.entrySet()) {
        long coefficient = Math.multiplyExact(left.getValue(), right.getValue());
        add(product, left.getKey().times(right.getKey()), coefficient);
      }
    }
    return new Dim(product);
  }

  /** The dim q with q × divisor = this; null if the division leaves a rest. */
  public Dim dividedExactly(Dim divisor) {
    if (divisor.terms.isEmpty()) {
      return null;
    }
    Dim rest = this;
    Dim quotient = ZERO;
    Map.Entry<Monomial, Long> leading = divisor.terms.firstEntry();
    while (!rest.terms.isEmpty()) {
      Map.Entry<Monomial, Long> top = rest.terms.firstEntry();
      Monomial monomial = top.getKey().dividedBy(leading.getKey());
      if (monomial == null || top.getValue() % leading.getValue() != 0) {
        return null;
      }
      TreeMap<Monomial, Long> term = new TreeMap<>();
      term.put(monomial, top.getValue() / leading.getValue());
      Dim step = new Dim(term);
      quotient = quotient.plus(step);
      rest = rest.minus(step.times(divisor));
    }
    return quotient;
  }

  /**
   * The value once the symbols are bound.
   *
   * @throws IllegalArgumentException if a symbol has no value
   * @throws ArithmeticException on overflow of a long
   */
  public long evaluate(Map<String, ? extends Number> values) {
    long sum = 0;
    for (Map.Entry<Monomial, Long> term : terms.entrySet()) {
      long product = term.getValue();
      for (String symbol : term.getKey().symbols()) {
        Number value = values.get(symbol);
        if (value == null) {
          throw new IllegalArgumentException("dim " + symbol + " has no value");
        }
        product = Math.multiplyExact(product, value.longValue());
      }
      sum = Math.addExact(sum, product);
    }
    return sum;
  }

  /** This dim with symbols replaced; symbols without an entry stay. */
  public Dim substitute(Map<String, Dim> values) {
    Dim sum = ZERO;
    for (Map.Entry<Monomial, Long> term : terms.entrySet()) {
      Dim product = constant(term.getValue());
      for (String symbol : term.getKey().symbols()) {
        Dim value = values.get(symbol);
        product = product.times(value == null ? symbol(symbol) : value);
      }
      sum = sum.plus(product);
    }
    return sum;
  }

  /** The product of dims; 1 for none. */
  public static Dim product(List<Dim> dims) {
    Dim product = ONE;
    for (Dim dim : dims) {
      product = product.times(dim);
    }
    return product;
  }

  /**
   * Reads what {@link #toString} prints: a sum of products of numbers and names.
   *
   * @throws IllegalArgumentException if the text is no such sum
   */
  public static Dim parse(String text) {
    Dim sum = ZERO;
    boolean minus = false;
    int from = 0;
    // By hand: regular expressions would cost a starting process more than all else it reads.
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '+';
      if (c == '+' || c == '-') {
        String product = text.substring(from, i).strip();
        if (!product.isEmpty()) {
          Dim value = parseProduct(product, text);
          sum = minus ? sum.minus(value) : sum.plus(value);
        }
        minus = c == '-';
        from = i + 1;
      }
    }
    return sum;
  }

  private static Dim parseProduct(String product, String whole) {
    Dim value = ONE;
    int from = 0;
    for (int star = product.indexOf('*'); star >= 0; star = product.indexOf('*', from)) {
      value = value.times(parseFactor(product.substring(from, star).strip(), whole));
      from = star + 1;
    }
    return value.times(parseFactor(product.substring(from).strip(), whole));
  }

  private static Dim parseFactor(String factor, String whole) {
    boolean digits = !factor.isEmpty() && factor.length() <= 18;
    boolean name = !factor.isEmpty();
    for (int i = 0; i < factor.length(); i++) {
      char c = factor.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '$';
      digits &= digit;
      name &= letter || (i > 0 && (digit || c == '.'));
    }
    if (digits) {
      return constant(Long.parseLong(factor));
    }
    if (name) {
      return symbol(factor);
    }
    throw new IllegalArgumentException("'" + whole + "' is no dim: '" + factor + "'");
  }

  private static void add(TreeMap<Monomial, Long> terms, Monomial monomial, long coefficient) {
    Long old = terms.get(monomial);
    long sum = old == null ? coefficient : Math.addExact(old, coefficient);
    if (sum == 0) {
      terms.remove(monomial);
    } else {
      terms.put(monomial, sum);
    }
  }

  @Override
  public int compareTo(Dim other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public boolean equals(Object other) {
    if (this == other || !(other instanceof Dim)) {
      return this == other;
    }
    Dim dim = (Dim) other;
    return constant == dim.constant
        && isStatic == dim.isStatic
        && (isStatic || terms.equals(dim.terms));
  }

  @Override
  public int hashCode() {
    if (hash == 0) {
      hash = terms.hashCode();
    }
    return hash;
  }

  @Override
  public String toString() {
    if (terms.isEmpty()) {
      return "0";
    }
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Monomial, Long> term : terms.entrySet()) {
      long coefficient = term.getValue();
      if (text.length() > 0) {
        text.append(coefficient < 0 ? " - " : " + ");
      } else if (coefficient < 0) {
        text.append('-');
      }
      appendTerm(text, Math.abs(coefficient), term.getKey().symbols());
    }
    return text.toString();
  }

  private static void appendTerm(StringBuilder text, long coefficient, List<String> symbols) {
    if (coefficient != 1 || symbols.isEmpty()) {
      text.append(coefficient);
      if (!symbols.isEmpty()) {
        text.append('*');
      }
    }
    text.append(String.join("*", symbols));
  }
}
