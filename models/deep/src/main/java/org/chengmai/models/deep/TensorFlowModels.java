package org.chengmai.models.deep;

import org.chengmai.models.matrix.CityMatrix;
import org.chengmai.models.matrix.DeepModels;

/** The deep models on TensorFlow, as {@link java.util.ServiceLoader} finds them. */
public final class TensorFlowModels implements DeepModels {
  @Override
  public DeepModels.Forecaster trainForecaster(CityMatrix training, int horizon, long seed) {
    return ConvForecaster.train(training, horizon, seed);
  }

  @Override
  public DeepModels.Autoencoder trainAutoencoder(CityMatrix training, long seed) {
    return MatrixAutoencoder.train(training, seed);
  }

  @Override
  public DeepModels.Forecaster forecaster(byte[] bytes) {
    return new ConvForecaster(SavedMatrix.read(bytes));
  }

  @Override
  public DeepModels.Autoencoder autoencoder(byte[] bytes) {
    return new MatrixAutoencoder(SavedMatrix.read(bytes));
  }
}
