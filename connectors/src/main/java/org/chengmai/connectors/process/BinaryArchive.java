package org.chengmai.connectors.process;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Unpacks a server's binaries once; a half unpacked folder of a killed start is never taken for a
 * whole one.
 */
final class BinaryArchive {
  private BinaryArchive() {}

  /** Fills a folder. */
  interface Unpacking {
    void into(Path folder) throws IOException;
  }

  /** Runs the unpacking into a folder beside the target, then renames it. */
  static void once(Path target, Unpacking unpacking) throws IOException {
    if (Files.isDirectory(target)) {
      return;
    }
    Path half = target.resolveSibling(target.getFileName() + ".unpacking");
    FileTree.delete(half);
    Files.createDirectories(half);
    unpacking.into(half);
    Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
  }

  static void unpackTarXz(InputStream archive, Path folder) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = folder.resolve(entry.getName()).normalize();
        if (!path.startsWith(folder)) {
          throw new IOException(
              "the archive holds a path that leads out of it: " + entry.getName());
        }
        Files.createDirectories(entry.isDirectory() ? path : path.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
          Files.createLink(path, folder.resolve(entry.getLinkName()).normalize());
        } else if (!entry.isDirectory()) {
          Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
          if ((entry.getMode() & 0111) != 0) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
          }
        }
      }
    }
  }
}
