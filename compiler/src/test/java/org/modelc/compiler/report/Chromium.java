package org.modelc.compiler.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A headless browser, where the flag {@code -Dmodelc.chromium=/path/to/chromium} names one. */
final class Chromium {
  /** Collects errors from before the page's own scripts run. */
  private static final String COLLECT =
      "<script>window.problems = [];"
          + "addEventListener('error', e => problems.push(e.message));</script>";

  /** Counts the painted pixels of each canvas once all is drawn. */
  private static final String PROBE =
      "<script>{ const painted = [...document.querySelectorAll('canvas')].map(c =>"
          + " c.id + '=' + c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
          + ".filter((value, i) => i % 4 === 3 && value > 0).length);"
          + " document.documentElement.dataset.painted = painted.join(' ');"
          + " document.documentElement.dataset.problems = problems.join('; '); }</script>";

  private Chromium() {}

  /**
   * The page's document after its scripts have run, with a probe's findings on the root element.
   */
  static String open(String page, Path folder) throws IOException, InterruptedException {
    String probed =
        page.replace("<head>", "<head>" + COLLECT).replace("</body>", PROBE + "</body>");
    Path file = Files.writeString(folder.resolve("report.html"), probed);
    Process browser =
        new ProcessBuilder(
                List.of(
                    System.getProperty("modelc.chromium"),
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--user-data-dir=" + folder.resolve("profile"),
                    "--virtual-time-budget=10000",
                    "--dump-dom",
                    file.toUri().toString()))
            .redirectError(folder.resolve("chromium.log").toFile())
            .start();
    try (InputStream out = browser.getInputStream()) {
      String document = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      if (!browser.waitFor(60, TimeUnit.SECONDS) || browser.exitValue() != 0) {
        throw new IOException(
            "chromium failed: " + Files.readString(folder.resolve("chromium.log")));
      }
      return document;
    } finally {
      browser.destroyForcibly();
    }
  }
}
