package org.chengmai.indicators.yaml;

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

/** The YAML files of a folder: file name to text. */
public final class YamlFolder {
  private YamlFolder() {}

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

  /**
   * The YAML files of a folder on the class path.
   *
   * @param file one of them, such as {@code /definitions/CVS-ENV-0001.yaml}
   */
  public static SortedMap<String, String> shipped(String file) {
    String folder = file.substring(0, file.lastIndexOf('/'));
    URL first = YamlFolder.class.getResource(file);
    if (first == null) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL,
          "the shipped files of %s are not on the class path".formatted(folder));
    }
    try {
      if (!(first.openConnection() instanceof JarURLConnection inJar)) {
        return read(Path.of(first.toURI()).resolveSibling(""));
      }
      try (FileSystem jar =
          FileSystems.newFileSystem(Path.of(inJar.getJarFileURL().toURI()), Map.of())) {
        return read(jar.getPath(folder));
      }
    } catch (IOException | URISyntaxException e) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL, "the shipped files of %s cannot be read".formatted(folder), e);
    }
  }
}
