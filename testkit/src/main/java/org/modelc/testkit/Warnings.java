package org.modelc.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the runtime warns of while this is open; the console does not show it. */
public final class Warnings extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("org.modelc.runtime");
  private final List<String> texts = new ArrayList<>();

  public Warnings() {
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  /** The messages so far, in order. */
  public List<String> texts() {
    return texts;
  }

  @Override
  public void publish(LogRecord record) {
    texts.add(record.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
