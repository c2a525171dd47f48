package org.chengmai.indicators.definition;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** The definitions that come with the product: the YAML files of {@code indicators/definitions}. */
public final class ShippedDefinitions {
  private ShippedDefinitions() {}

  /** File name to text, as {@link IndicatorCatalogue#load} takes it. */
  public static SortedMap<String, String> files() {
    URL first = ShippedDefinitions.class.getResource("/definitions/CVS-ENV-0001.yaml");
    if (first == null) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL, "the shipped definitions are not on the class path");
    }
    try {
      if (!(first.openConnection() instanceof JarURLConnection inJar)) {
        return read(Path.of(first.toURI()).resolveSibling(""));
      }
      try (FileSystem jar =
          FileSystems.newFileSystem(Path.of(inJar.getJarFileURL().toURI()), Map.of())) {
        return read(jar.getPath("/definitions"));
      }
    } catch (IOException | URISyntaxException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "the shipped definitions cannot be read", e);
    }
  }

  /** The YAML files of one folder. */
  public static SortedMap<String, String> read(Path folder) throws IOException {
    SortedMap<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> yaml = files.filter(f -> f.toString().endsWith(".yaml")).toList();
      for (Path file : yaml) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }
}
