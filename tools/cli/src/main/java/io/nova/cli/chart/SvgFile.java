package io.nova.cli.chart;

import java.awt.Dimension;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.internal.chartpart.Chart;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * A chart as an SVG file. Letters become outlines, so it looks the same everywhere. Its {@code
 * title} and {@code desc} say in words what it shows.
 */
public final class SvgFile {
  private static final String SVG = "http://www.w3.org/2000/svg";

  private SvgFile() {}

  /**
   * Writes the file; its folder is created.
   *
   * @param description what the chart shows, in words
   */
  public static void write(Chart<?, ?> chart, String description, Path file) throws IOException {
    SVGGraphics2D graphics = new SVGGraphics2D(emptyDocument());
    graphics.setSVGCanvasSize(new Dimension(chart.getWidth(), chart.getHeight()));
    chart.paint(graphics, chart.getWidth(), chart.getHeight());
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Element root = graphics.getRoot();
    root.insertBefore(named(root, "desc", description), root.getFirstChild());
    root.insertBefore(named(root, "title", chart.getTitle()), root.getFirstChild());
    try (Writer out = Files.newBufferedWriter(file)) {
      graphics.stream(root, out, true, false);
    }
  }

  private static Element named(Element root, String name, String text) {
    Element element = root.getOwnerDocument().createElementNS(SVG, name);
    element.setTextContent(text);
    return element;
  }

  private static Document emptyDocument() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVG, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("This JDK has no XML documents", e);
    }
  }
}
