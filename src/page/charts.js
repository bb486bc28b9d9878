// Charts, drawn by Chart.js (Debian's libjs-chart.js), which is fetched when
// the first is wanted. Each has its numbers in a table below it.
import { h } from './dom.js';

let library = null;
const drawn = new Set();

function fetch_library() {
    library ??= new Promise((done, fail) => {
        const script = document.createElement('script');

        script.src = '/page/chart.js';
        script.addEventListener('load', () => done(window.Chart));
        script.addEventListener('error', () => {
            library = null;
            fail(new Error('The charts could not be fetched.'));
        });
        document.head.append(script);
    });
    return library;
}

// A colour of the style sheet, as it is in this theme.
function colour(name) {
    const probe = document.body.appendChild(h('i', { hidden: true }));

    probe.style.color = `var(--${name})`;
    const found = getComputedStyle(probe).color;

    probe.remove();
    return found;
}

// A data set's colour is a name of the style sheet.
function dress(set) {
    const paint = colour(set.paint);

    return { borderColor: paint, backgroundColor: paint,
        maxBarThickness: 44, ...set };
}

function axis(given, grid) {
    return { border: { display: false }, ...given,
        grid: { color: colour('rule'), display: !!grid,
            drawBorder: false },
        ticks: { color: colour('soft'), precision: 0,
            maxRotation: 0, autoSkipPadding: 12, ...given?.ticks } };
}

function config({ type = 'bar', labels, sets, stacked, lying, y }) {
    return { type, data: { labels, datasets: sets.map(dress) },
        options: {
            animation: false, maintainAspectRatio: false,
            indexAxis: lying ? 'y' : 'x',
            interaction: { mode: 'index', intersect: false,
                axis: lying ? 'y' : 'x' },
            scales: { x: axis({ stacked }, lying),
                y: axis({ stacked, beginAtZero: true, ...y }, !lying) },
            plugins: { legend: { display: sets.length > 1, align: 'start',
                labels: { color: colour('ink'), boxWidth: 12,
                    usePointStyle: true } } },
        } };
}

function draw(one) {
    one.chart?.destroy();
    one.chart = new window.Chart(one.canvas, config(one.what));
}

function redraw() {
    for (const one of drawn)
        draw(one);
}

window.addEventListener('themed', redraw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);

// Those of the view that is left.
export function forget_charts() {
    for (const { chart } of drawn)
        chart?.destroy();
    drawn.clear();
}

export function table_of(heads, rows) {
    return h('table', null,
        h('thead', null, h('tr', null, heads.map((head, i) =>
            h('th', { scope: 'col', class: i ? 'number' : null }, head)))),
        h('tbody', null, rows.map((row) => h('tr', null, row.map((cell, i) =>
            h('td', { class: i ? 'number' : null }, cell))))));
}

// `what`: {title, said, labels, sets: [{label, data, paint}], stacked, ...}.
// `said` is the chart in a sentence, for those who do not see it.
export function chart_of(what) {
    const canvas = h('canvas', { role: 'img', 'aria-label': what.said });
    const one = { canvas, what, chart: null };

    drawn.add(one);
    fetch_library().then(() => drawn.has(one) && draw(one), () => {
        canvas.parentNode.hidden = true;
        table.open = true;
    });
    const heads = ['', ...what.sets.map(({ label }) => label)];
    const rows = what.labels.map((label, i) =>
        [label, ...what.sets.map(({ data, show }) =>
            show ? show(data[i]) : data[i])]);
    const table = h('details', null, h('summary', null, 'As a table'),
        h('div', { class: 'table', tabindex: '0', role: 'group',
            'aria-label': what.title }, table_of(heads, rows)));

    return [h('div', { class: 'chart' }, canvas), table];
}
