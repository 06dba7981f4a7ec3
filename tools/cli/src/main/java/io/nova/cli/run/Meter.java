package io.nova.cli.run;

import io.nova.workload.input.ProgressListener;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** A listener that shows progress as a bar, at most four times a second. For one thread. */
public final class Meter implements ProgressListener {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final ProgressDisplay display;
  private String stage = "";
  private long stageStart;
  private long lastShown = System.nanoTime();

  public Meter(ProgressDisplay display) {
    this.display = display;
  }

  @Override
  public void progress(String name, long done, OptionalLong total) {
    long now = System.nanoTime();
    if (!name.equals(stage)) {
      stage = name;
      stageStart = now;
    }
    if (now - lastShown >= INTERVAL_NANOS) {
      lastShown = now;
      display.show(List.of(FigureLines.bar(stage, done, total, (now - stageStart) / 1e9)));
    }
  }
}
