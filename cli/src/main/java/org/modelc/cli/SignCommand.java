package org.modelc.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.modelc.compiler.jar.JarFacts;
import org.modelc.compiler.jar.JarSignatures;
import org.modelc.runtime.ModelcException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code modelc sign JAR --keystore STORE --alias NAME}. */
@Command(
    name = "sign",
    description = "Signs a model jar with a key of a key store, as jarsigner does.",
    footer = {
      "",
      "Example: modelc sign build/Digits.jar --keystore keys.p12 --alias publisher",
      "The password is taken from the environment variable MODELC_STORE_PASSWORD."
    })
final class SignCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "JAR", description = "The model jar.")
  private Path jar;

  @Option(
      names = "--keystore",
      paramLabel = "STORE",
      required = true,
      description = "A key store: PKCS #12 or JKS.")
  private Path store;

  @Option(names = "--alias", paramLabel = "NAME", required = true, description = "The key's name.")
  private String alias;

  @Option(
      names = "--password-env",
      paramLabel = "VARIABLE",
      description = "The environment variable with the store's password.")
  private String variable = "MODELC_STORE_PASSWORD";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "JAR",
      description = "The signed jar (default: in place of the given one).")
  private Path output;

  private final Terminal terminal;

  SignCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JarFacts.read(jar);
    String password = System.getenv(variable);
    if (password == null) {
      password = System.getProperty(variable);
    }
    if (password == null) {
      throw new ModelcException(
          "there is no password of " + store,
          "set the environment variable " + variable + ", or name another with --password-env");
    }
    Path target = output == null ? jar : output;
    JarSignatures.sign(jar, target, store, alias, password.toCharArray());
    if (common.json) {
      ObjectNode result = JsonText.object();
      result.put("jar", target.toString());
      result.put("alias", alias);
      terminal.result(JsonText.line(result));
    } else {
      terminal.say("signed: " + target);
    }
    return ExitCode.SUCCESS.number();
  }
}
