// Where an indicator comes from and what is computed from it: libraries, columns, indicators, models, from left to right.

import * as api from './api.js';
import {element, replace, svg} from './dom.js';
import {pick, t} from './i18n.js';
import {state} from './state.js';

export function lineagePanel() {
  const node = element('section.panel.lineage', {hidden: true});
  let asked = 0;
  let edges = [];
  let graph = null;

  async function open(indicator, region) {
    const mine = ++asked;
    node.hidden = true;
    try {
      const lineage = await api.lineage(indicator.code);
      if (mine === asked) draw(lineage, indicator, region);
    } catch (error) {
      if (mine !== asked || error.status === 404) return;
      node.hidden = false;
      replace(node, element('h2', {}, t('lineage')), element('p.error', {}, error.message));
    }
  }

  function draw(lineage, indicator, region) {
    edges = [];
    const boxes = new Map();
    const box = (id, kind, ...content) => {
      const made = element(`div.node.${kind}`, {}, content);
      boxes.set(id, made);
      return made;
    };
    const other = (code) => box(code, 'indicatorNode', element('a', {href: `#${code}/${region}`}, pick(state.byCode.get(code)?.name) || code, element('small', {}, code)));
    const inputs = lineage.inputs ?? [];
    const libraries = [...new Set(inputs.map((input) => input.library))];
    const layers = [
      ['library', libraries.map((name) => box(`library ${name}`, 'library', name))],
      ['column', inputs.map((input, index) => {
        edges.push([`library ${input.library}`, index], [index, indicator.code]);
        return box(index, 'column', `${input.table}.${input.column}`, element('small', {}, (input.use ?? []).map((use) => t(`use_${use}`)).join(' · ')));
      })],
      ['computedFrom', (lineage.from ?? []).map((code) => {
        edges.push([code, indicator.code]);
        return other(code);
      })],
      ['thisOne', [box(indicator.code, 'self', pick(indicator.name), element('small', {}, indicator.code))]],
      ['usedBy', [...(lineage.to ?? []).map((code) => {
        edges.push([indicator.code, code]);
        return other(code);
      }), ...(lineage.models ?? []).map((model) => {
        const name = typeof model === 'string' ? model : model.name ?? model.id;
        edges.push([indicator.code, `model ${name}`]);
        return box(`model ${name}`, 'modelNode', name, element('small', {}, t('model')));
      })]],
    ].filter(([, nodes]) => nodes.length);
    const lines = svg('svg.edges', {'aria-hidden': 'true'});
    graph = {boxes, lines, holder: element('div.lineageGraph', {}, lines, layers.map(([name, nodes]) =>
      element('div.layer', {}, element('h3', {}, t(name)), nodes)))};
    node.hidden = false;
    replace(node, element('h2', {}, t('lineage')), element('div.lineageHolder', {tabindex: 0}, graph.holder));
    connect();
  }

  /** A curve for each edge between the boxes where they have come to lie. */
  function connect() {
    if (!graph?.holder.isConnected) return;
    const origin = graph.holder.getBoundingClientRect();
    graph.lines.setAttribute('width', origin.width);
    graph.lines.setAttribute('height', origin.height);
    replace(graph.lines, edges.map(([from, to]) => {
      const a = graph.boxes.get(from).getBoundingClientRect();
      const b = graph.boxes.get(to).getBoundingClientRect();
      const [x1, y1] = [a.right - origin.left, a.top + a.height / 2 - origin.top];
      const [x2, y2] = [b.left - origin.left, b.top + b.height / 2 - origin.top];
      const bend = (x2 - x1) / 2;
      return svg('path', {d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`});
    }));
  }

  addEventListener('resize', connect);
  return {node, open, close: () => asked++};
}
