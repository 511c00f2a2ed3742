package org.modelc.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.modelc.compiler.CompressionSearch;

/** Shows which way a search tries: a bar where a person is watching, else a line a way. */
final class SearchProgress implements CompressionSearch.Trying, AutoCloseable {
  private static final int WIDTH = 110;

  private final Terminal terminal;
  private final boolean drawn;
  private final String what;
  private ProgressBar bar;

  /**
   * @param drawn whether to draw a bar rather than to write lines
   * @param what is tried, in the plural
   */
  SearchProgress(Terminal terminal, boolean drawn, String what) {
    this.what = what;
    this.terminal = terminal;
    this.drawn = drawn;
  }

  @Override
  public void trying(String sentences, int done, int all) {
    if (!drawn) {
      terminal.say("trying " + (done + 1) + " of " + all + ": " + sentences);
      return;
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(what)
              .setInitialMax(all)
              .setStyle(ProgressBarStyle.ASCII)
              .setMaxRenderedLength(WIDTH)
              .setConsumer(new ConsoleProgressBarConsumer(terminal.error(), WIDTH))
              .build();
    }
    bar.stepTo(done);
    bar.setExtraMessage(" " + sentences);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.stepTo(bar.getMax());
      bar.close();
    }
  }
}
