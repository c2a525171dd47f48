package org.chengmai.models.matrix;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Deep models of the city matrix. Their module is not in the default build, so they are found at
 * run time. Training blocks, on one core for seconds to a minute.
 */
public interface DeepModels {
  /** A trained network; holds native memory until it is closed. */
  interface Trained extends AutoCloseable {
    /** The model as bytes, for {@link DeepModels#forecaster(byte[])} or its counterpart. */
    byte[] bytes();

    /** Data, settings, seed and trainer, as the library recorded them. */
    String provenance();

    @Override
    void close();
  }

  /** A trained forecast. */
  interface Forecaster extends MatrixForecaster, Trained {}

  /** A trained autoencoder; its score is the error of the reconstruction. */
  interface Autoencoder extends MatrixScorer, Trained {}

  /** Learns to forecast {@code horizon} periods ahead, from all periods of the matrix. */
  Forecaster trainForecaster(CityMatrix training, int horizon, long seed);

  /** Learns what the matrix usually looks like, from all its periods. */
  Autoencoder trainAutoencoder(CityMatrix training, long seed);

  /** Brings a forecast back; INVALID_INPUT when the bytes are none of ours. */
  Forecaster forecaster(byte[] bytes);

  /** Brings an autoencoder back; INVALID_INPUT when the bytes are none of ours. */
  Autoencoder autoencoder(byte[] bytes);

  /** The deep models on the class path; empty in the default build. */
  static Optional<DeepModels> find() {
    return ServiceLoader.load(DeepModels.class).findFirst();
  }
}
