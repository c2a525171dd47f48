package org.chengmai.engine.pipeline;

import java.util.Map;
import java.util.TreeMap;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.region.Regions;

/** Small definitions for tests of what is computed from other points. */
final class Definitions {
  private Definitions() {}

  /** A simple indicator by code, with more lines of YAML. */
  static String simple(String code, String grain, String direction, String more) {
    return """
        apiVersion: chengmai/v1
        kind: Indicator
        metadata:
          code: %s
          version: 1
          name: {zh: 测试, en: Test}
          domain: environment
          layer: micro
          lifecycle: reviewing
        definition:
          caliber: 测试
          type: simple
          from: topic_env.air
          value: SUM(val)
          additivity: {region: sum}
        unit: {code: "1", display: 件, decimals: 1}
        period: {grain: %s, watermark: PT5M, lateness: PT1H}
        direction: %s
        %s
        """
        .formatted(code, grain, direction, more);
  }

  /** A composite of inputs. */
  static String composite(String code, String composite, String inputs) {
    return """
        apiVersion: chengmai/v1
        kind: Indicator
        metadata:
          code: %s
          version: 1
          name: {zh: 指数, en: Index}
          domain: environment
          layer: macro
          lifecycle: reviewing
        definition:
          caliber: 测试
          type: composite
          %s
          inputs: [%s]
        unit: {code: "1", display: 分, decimals: 1}
        period: {grain: PT1H, watermark: PT10M, lateness: PT1H}
        direction: higher_better
        """
        .formatted(code, composite, inputs);
  }

  static IndicatorCatalogue catalogue(String... yaml) {
    Map<String, String> files = new TreeMap<>();
    for (String one : yaml) {
      files.put("f" + files.size() + ".yaml", one);
    }
    return IndicatorCatalogue.load(files, Regions.xining(), null);
  }
}
