// A thin wrapper over ECharts: its theme follows the page's colors, its tooltips are drawn and not
// HTML, so no text of the store can become an element.

import * as echarts from '/lib/echarts.js';

const open = new Set();
const dark = matchMedia('(prefers-color-scheme: dark)');

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The colors of series, in order. */
export function colors() {
  return ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5', '--series-6', '--series-7', '--series-8'].map(color);
}

function axis() {
  return {
    axisLine: {lineStyle: {color: color('--line')}},
    axisTick: {show: false},
    axisLabel: {color: color('--soft'), hideOverlap: true},
    splitLine: {lineStyle: {color: color('--line')}},
  };
}

function merged(own, usual) {
  return Array.isArray(own) ? own.map(one => ({...usual, ...one})) : own ? {...usual, ...own} : undefined;
}

/** An option of ECharts with this page's colors and letters. */
function themed(option) {
  const text = {color: color('--ink'), fontFamily: getComputedStyle(document.body).fontFamily};
  return {
    color: colors(),
    backgroundColor: 'transparent',
    animationDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 300,
    aria: {enabled: true},
    textStyle: text,
    grid: {left: 8, right: 16, top: 32, bottom: 8, containLabel: true},
    ...option,
    xAxis: merged(option.xAxis, axis()),
    yAxis: merged(option.yAxis, axis()),
    legend: option.legend && {
      type: 'scroll', top: 0, textStyle: {color: color('--ink')}, pageTextStyle: {color: color('--soft')},
      pageIconColor: color('--ink'), pageIconInactiveColor: color('--line'), ...option.legend},
    tooltip: option.tooltip && {
      ...option.tooltip, renderMode: 'richText', confine: true,
      backgroundColor: color('--card'), borderColor: color('--line'), textStyle: {color: color('--ink')}},
  };
}

/**
 * Draws a chart into an element, which needs a height. Returns {set(option), close()}. The option is
 * one of ECharts; colors, fonts and axes come from the page.
 *
 * @param label what a screen reader says of it
 */
export function chart(element, option, label) {
  element.setAttribute('role', 'img');
  element.setAttribute('aria-label', label || 'Chart');
  const instance = echarts.init(element, null, {renderer: 'canvas'});
  let last = option;
  const draw = () => instance.setOption(themed(last), true);
  const sized = new ResizeObserver(() => instance.resize());
  sized.observe(element);
  const one = {
    set(next) {
      last = next;
      draw();
    },
    close() {
      sized.disconnect();
      instance.dispose();
      open.delete(draw);
    },
  };
  open.add(draw);
  draw();
  return one;
}

dark.addEventListener('change', () => open.forEach(draw => draw()));
