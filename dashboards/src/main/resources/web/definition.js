// All that an indicator's definition states, with its defaults.

import * as api from './api.js';
import {element, replace, sign} from './dom.js';
import {currentLanguage, isoDuration, number, pick, t} from './i18n.js';

export function definitionPanel() {
  const node = element('section.panel.definitionPanel');
  let asked = 0;

  async function open(indicator, region) {
    const mine = ++asked;
    replace(node, element('h2', {}, t('card')), element('p.note', {}, t('loadingPage')));
    try {
      const card = await api.definition(indicator.code);
      if (mine !== asked) return;
      replace(node, element('h2', {}, t('card')), element('dl', {}, rows(card, indicator, region)));
    } catch (error) {
      if (mine === asked) replace(node, element('h2', {}, t('card')), element('p.error', {}, error.message));
    }
  }

  return {node, open, close: () => asked++};
}

const row = (name, ...content) => [element('dt', {}, t(name)), element('dd', {}, content)];

function rows(card, indicator, region) {
  const {definition: formula, period, unit} = card;
  const link = (code, name) => element('a', {href: `#${code}/${region}`}, pick(name) || code);
  return [
    row('caliber', formula.caliber),
    row('type', `${t(formula.type)} · ${t(card.lifecycle)} · ${t(card.direction)}`),
    row('formula', formulaOf(formula)),
    card.members.length ? row('members', element('ul.members', {}, card.members.map((member) => element('li', {},
        link(member.code, member.name), member.lifeline ? element('em', {}, t('lifeline')) : null,
        element('b', {}, `${number(100 * member.weight, 1)} %`))))) : null,
    row('owner', card.governance?.ownerDept || card.owners.join('、') || '–'),
    card.sources.length ? row('sources', element('ul', {}, card.sources.map((source) => element('li', {},
        `${pick(source.name)} `, element('code', {}, source.table), element('small', {}, ` ${source.code} · ${isoDuration(source.updateCycle)}`))))) : null,
    row('version', element('ul', {}, card.versions.map((one) => element(`li${one.version === card.version ? '.current' : ''}`, {},
        `v${one.version} · ${one.effective.from === '1970-01-01' ? t('sinceEver') : one.effective.from} ${one.effective.to ? `– ${one.effective.to}` : t('onward')} · ${t(one.lifecycle)}`,
        one.effective.restate ? ` · ${t('restates')}` : '')))),
    row('unit', `${unit.display || unit.code || '–'}`, unit.range?.length === 2 ? ` · ${t('plausible')} ${unit.range[0]} – ${unit.range[1]}` : null),
    row('grain', `${t(period.grain)} (${period.grain}, ${period.tz ?? 'Asia/Shanghai'})`, period.calendar ? ` · ${period.calendar}` : null),
    row('watermark', `${isoDuration(period.watermark)} · ${t('lateness')} ${isoDuration(period.lateness)}`),
    row('thresholds', card.thresholds.length ? card.thresholds.map((one) => element('div.threshold', {}, sign(one.grade, currentLanguage()),
        element('span', {}, element('code', {}, one.when), one.forAtLeast ? ` ${t('lasting')} ${isoDuration(one.forAtLeast)}` : '',
            one.clear ? [' · ', t('clearing'), ' ', element('code', {}, one.clear), one.clearFor ? ` ${t('lasting')} ${isoDuration(one.clearFor)}` : ''] : ''))) : '–'),
    card.thresholdSource ? row('thresholdSource', card.thresholdSource) : null,
    row('missingPolicy', `${t(formula.missing.policy)} · ${t('minCoverage')} ${number(100 * formula.missing.minCoverage)} %`),
    row('regions', card.region.levels.map((level) => t(level === 'city' ? 'city_level' : level)).join(' › '), card.region.only?.length ? ` (${card.region.only.join(', ')})` : null),
    card.dimensions.length ? row('dimensions', card.dimensions.join(', ')) : null,
    rules(card.quality).length ? row('qualityRules', element('ul', {}, rules(card.quality).map(([name, text]) => element('li', {}, `${t(name)} `, element('code', {}, text))))) : null,
    row('detectors', card.detect.model ?? 'threshold'),
    formula.inputs.length ? row('inputs', element('ul', {}, formula.inputs.map((input) => {
      const code = input.startsWith('indicator:') ? input.slice('indicator:'.length) : null;
      return element('li', {}, code ? link(code) : element('code', {}, input));
    }))) : null,
    indicator.sql ? row('compiledSql', element('details', {}, element('summary', {}, 'SQL'), element('pre', {tabindex: 0}, indicator.sql))) : null,
    row('yaml', element('a', {href: `/api/v1/indicators/${encodeURIComponent(indicator.code)}/definition.yaml`, download: `${indicator.code}.yaml`}, `${indicator.code}.yaml`)),
  ];
}

const rules = (quality) => Object.entries(quality).filter(([, text]) => text !== null && text !== undefined);

function formulaOf(formula) {
  const parts = [];
  const line = (name, text) => text && parts.push(element('div', {}, element('small', {}, name), element('code', {}, text)));
  line('value', formula.value);
  if (formula.ratio) line('ratio', `${formula.ratio.num} / ${formula.ratio.den}${formula.ratio.scale ? ` × ${formula.ratio.scale}` : ''}`);
  for (const [name, text] of Object.entries(formula.measures ?? {})) line(name, text);
  line('formula', formula.formula);
  if (formula.type === 'composite') line('mean', `${formula.composite.mean}, ${t('minCoverage')} ${number(100 * formula.composite.minCoverage)} %`);
  line('from', formula.from);
  line('where', formula.where);
  line('sql', formula.sql);
  line('since', formula.since);
  return element('div.formula', {}, parts.length ? parts : '–');
}
