package org.chengmai.models.deep;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.models.matrix.MatrixScale;
import org.chengmai.models.matrix.MatrixWindows;

/** A network's protocol buffer bytes with what its input and output mean. */
record SavedMatrix(MatrixWindows windows, MatrixScale scale, byte[] network) {
  private static final int LAYOUT = 0x434d4d31;

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(LAYOUT);
      out.writeInt(windows.length());
      out.writeInt(windows.horizon());
      out.writeInt(windows.season());
      out.writeInt(scale.mean().length);
      for (int s = 0; s < scale.mean().length; s++) {
        out.writeDouble(scale.mean()[s]);
        out.writeDouble(scale.deviation()[s]);
      }
      out.write(network);
    } catch (IOException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "cannot write to memory", e);
    }
    return bytes.toByteArray();
  }

  static SavedMatrix read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readInt() != LAYOUT) {
        throw new IOException("another layout");
      }
      MatrixWindows windows = new MatrixWindows(in.readInt(), in.readInt(), in.readInt());
      int series = in.readInt();
      if (series < 1 || series > in.available() / 16) {
        throw new IOException("cut short");
      }
      MatrixScale scale = new MatrixScale(new double[series], new double[series]);
      for (int s = 0; s < series; s++) {
        scale.mean()[s] = in.readDouble();
        scale.deviation()[s] = in.readDouble();
      }
      return new SavedMatrix(windows, scale, in.readAllBytes());
    } catch (IOException | IllegalArgumentException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "the bytes are not a saved model of a city matrix", e);
    }
  }
}
