package org.chengmai.models;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * The day that is going on, by parts, and what was found in the last whole one. Never changed after
 * it was made.
 *
 * @param day that is going on, counted from 1970
 * @param score of the strange day that stands, 0 while none does
 * @param strangeDay the last day that was strange
 * @param distance of that day from the nearest usual shape
 * @param worstPart in which it differed most
 * @param strange days in a row
 * @param usual days so far, counted up to what a series needs before it is judged
 */
record PatternMemory(
    long day,
    double[] sums,
    int[] counts,
    double score,
    long strangeDay,
    double distance,
    int worstPart,
    int strange,
    int usual) {

  static PatternMemory empty(int parts) {
    return new PatternMemory(
        Long.MIN_VALUE, new double[parts], new int[parts], 0, Long.MIN_VALUE, 0, 0, 0, 0);
  }

  /** The same in the course of a day. */
  PatternMemory with(long newDay, double[] newSums, int[] newCounts) {
    return new PatternMemory(
        newDay, newSums, newCounts, score, strangeDay, distance, worstPart, strange, usual);
  }

  /** After a day that says nothing, or whose shape is known. */
  PatternMemory usualDay(int days) {
    return new PatternMemory(day, sums, counts, 0, strangeDay, distance, worstPart, 0, days);
  }

  /** After a day whose shape is unknown. */
  PatternMemory strangeDay(double newScore, double newDistance, int worst) {
    return new PatternMemory(
        day, sums, counts, newScore, day, newDistance, worst, strange + 1, usual);
  }

  void write(DataOutputStream out) throws IOException {
    out.writeLong(day);
    for (int i = 0; i < sums.length; i++) {
      out.writeDouble(sums[i]);
      out.writeInt(counts[i]);
    }
    out.writeDouble(score);
    out.writeLong(strangeDay);
    out.writeDouble(distance);
    out.writeInt(worstPart);
    out.writeInt(strange);
    out.writeInt(usual);
  }

  static PatternMemory read(DataInputStream in, int parts) throws IOException {
    long day = in.readLong();
    double[] sums = new double[parts];
    int[] counts = new int[parts];
    for (int i = 0; i < parts; i++) {
      sums[i] = in.readDouble();
      counts[i] = in.readInt();
    }
    return new PatternMemory(
        day,
        sums,
        counts,
        in.readDouble(),
        in.readLong(),
        in.readDouble(),
        in.readInt(),
        in.readInt(),
        in.readInt());
  }
}
