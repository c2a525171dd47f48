package org.chengmai.models.deep;

import org.chengmai.models.matrix.DeepModels;
import org.chengmai.models.matrix.MatrixScale;
import org.chengmai.models.matrix.MatrixWindows;

/** A network over windows of a city matrix in the matrix' own scale: what all of them keep. */
abstract class MatrixNetwork implements DeepModels.Trained {
  private final MatrixWindows windows;
  private final MatrixScale scale;
  private final Network network;

  MatrixNetwork(MatrixWindows windows, MatrixScale scale, Network network) {
    this.windows = windows;
    this.scale = scale;
    this.network = network;
  }

  MatrixNetwork(SavedMatrix saved) {
    this(saved.windows(), saved.scale(), Network.load(saved.network()));
  }

  final MatrixWindows windows() {
    return windows;
  }

  final MatrixScale scale() {
    return scale;
  }

  final Network network() {
    return network;
  }

  @Override
  public final byte[] bytes() {
    return new SavedMatrix(windows, scale, network.bytes()).bytes();
  }

  @Override
  public final String provenance() {
    return network.provenance();
  }

  @Override
  public final void close() {
    network.close();
  }
}
