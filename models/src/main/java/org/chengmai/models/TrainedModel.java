package org.chengmai.models;

/**
 * A forecaster's fit as the registry keeps it; {@code bytes} alone bring the model back.
 *
 * @param code of the indicator whose series it was trained on, all regions together
 * @param name of the kind of model, such as {@code tribuo-linear-sgd}
 * @param version given by the registry, counting up per code
 * @param bytes the model, protocol buffers
 * @param provenance JSON: trainer and its settings, range and hash of the data, rows, seed, errors
 * @param rows that it was trained on
 * @param trainingError mean absolute error over them, in units of the series
 * @param heldOutError the same over the newest fifth, by a fit on the rest
 * @param seasonalError of the slot's usual level over that fifth: what the model has to beat
 * @param residualScale 1.4826 × median absolute error over all rows
 */
public record TrainedModel(
    String code,
    String name,
    int version,
    byte[] bytes,
    String provenance,
    long rows,
    double trainingError,
    double heldOutError,
    double seasonalError,
    double residualScale) {

  /** Name and version, as anomalies cite it. */
  public String label() {
    return name + "@" + version;
  }
}
