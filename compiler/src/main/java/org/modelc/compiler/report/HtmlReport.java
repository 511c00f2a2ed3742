package org.modelc.compiler.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** Writes a report as one self-contained page; Chart.js is copied into it. */
public final class HtmlReport {
  private static final String CHART_POM = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";
  private static final String CHART =
      "/META-INF/resources/webjars/chart.js/%s/dist/chart.umd.min.js";

  private HtmlReport() {}

  /** The page. */
  public static String render(ReportData data) {
    return text("report.html")
        .replace("{{title}}", escape(data.model()))
        .replace("{{style}}", text("report.css"))
        .replace("{{data}}", inScript(json(data)))
        .replace("{{chart}}", inScript(chartScript()))
        .replace("{{script}}", text("report.js"));
  }

  private static String json(ReportData data) {
    try {
      return new ObjectMapper().writeValueAsString(data);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** An end tag inside a script's text would end the script; such texts come from doc comments. */
  private static String inScript(String text) {
    return text.replace("</", "<\\/").replace("<!--", "<\\!--");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  /** The script's folder carries its version, which the web jar tells. */
  private static String chartScript() {
    Properties properties = new Properties();
    try (InputStream in = open(CHART_POM)) {
      properties.load(in);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    String script = text(String.format(CHART, properties.getProperty("version")));
    int map = script.indexOf("//# sourceMappingURL");
    return map < 0 ? script : script.substring(0, map);
  }

  private static String text(String resource) {
    try (InputStream in = open(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static InputStream open(String resource) throws IOException {
    InputStream in = HtmlReport.class.getResourceAsStream(resource);
    if (in == null) {
      throw new FileNotFoundException("resource " + resource);
    }
    return in;
  }
}
