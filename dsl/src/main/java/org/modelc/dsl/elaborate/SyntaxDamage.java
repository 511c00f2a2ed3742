package org.modelc.dsl.elaborate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.modelc.dsl.ast.Declaration;
import org.modelc.dsl.ast.Member;
import org.modelc.dsl.ast.Node;
import org.modelc.dsl.ast.Statement;
import org.modelc.dsl.parse.ParseResult;
import org.modelc.ir.diagnostic.Diagnostic;

/**
 * What syntax errors spoiled: it is not looked at, and what uses it reports nothing, so that
 * mistakes elsewhere are told in the same run and no mistake causes another.
 */
public final class SyntaxDamage {
  /** No damage. */
  static final SyntaxDamage NONE = new SyntaxDamage(List.of(), List.of());

  private static final Pattern DECLARED =
      Pattern.compile("(?:layer|fn)\\s+([\\p{L}_][\\p{L}\\p{Nd}_]*)");

  private final List<Diagnostic> errors;
  private final List<String> lostNames;

  private SyntaxDamage(List<Diagnostic> errors, List<String> lostNames) {
    this.errors = errors;
    this.lostNames = lostNames;
  }

  /** The damage that the errors of a parse did. */
  public static SyntaxDamage of(ParseResult parsed) {
    List<String> lost = new ArrayList<>();
    for (Declaration declaration : parsed.file().declarations()) {
      if (declaration instanceof Declaration.Broken broken) {
        Matcher matcher = DECLARED.matcher(broken.span().text());
        while (matcher.find()) {
          lost.add(matcher.group(1));
        }
      }
    }
    List<Diagnostic> errors = parsed.diagnostics().stream().filter(Diagnostic::isError).toList();
    return new SyntaxDamage(errors, lost);
  }

  /** Whether an error lies in a part of the tree. */
  public boolean touches(Node node) {
    return errors.stream().anyMatch(error -> isIn(error, node));
  }

  /** Whether a mistake lies in a part of the tree. */
  public static boolean isIn(Diagnostic error, Node node) {
    return error.span().start() >= node.span().start() && error.span().end() <= node.span().end();
  }

  /**
   * Whether each error in a model lies in a member whose name is known, so that others can be
   * checked.
   */
  boolean sparesMembersOf(Declaration.Model model) {
    List<Member> named = model.members().stream().filter(SyntaxDamage::isNamed).toList();
    return errors.stream()
        .filter(error -> isIn(error, model))
        .allMatch(error -> named.stream().anyMatch(member -> isIn(error, member)));
  }

  private static boolean isNamed(Member member) {
    return member instanceof Declaration.Function
        || member instanceof Statement.Broken broken && !broken.names().isEmpty();
  }

  /** Names of layers and functions in declarations that could not be read at all. */
  List<String> lostNames() {
    return lostNames;
  }
}
