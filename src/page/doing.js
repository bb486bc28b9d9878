// How it is doing, measured by what moderators said: what was promised and
// what was kept, what was missed, and where the spam comes from.
import { h, alien, refill } from './dom.js';
import { get } from './api.js';
import { chart_of, forget_charts } from './charts.js';
import { site_picker, the_site } from './picker.js';
import {
    age, count, count_of, duration, one_in, percent, told_apart,
} from './words.js';

export const title = 'How it is doing';

const SPANS = [[7, 'a week'], [30, '30 days'], [90, '90 days'],
    [365, 'a year']];

function figure(name, great, ...said) {
    return h('div', { class: 'figure' }, h('p', null, name),
        h('p', { class: 'great' }, great), h('p', null, said));
}

function panel(name, wide, ...children) {
    return h('section', { class: wide ? 'panel wide' : 'panel' },
        h('h2', null, name), children);
}

function kept(promise) {
    if (promise.broken)
        return 'broken';
    if (promise.honest === 0)
        return 'not tried yet';
    if (promise.observed > promise.marked)
        return 'in doubt';
    return promise.upper <= promise.marked ? 'kept' : 'kept so far';
}

function promise_figure({ promise }) {
    return figure('The promise', kept(promise),
        `at most ${one_in(promise.marked)} honest comments marked as spam; ` +
        `seen: ${count(promise.wrong)} of ${count(promise.honest)}`,
        promise.honest > 0 && `, and hardly more than ${
            one_in(promise.upper)} (95 %)`);
}

function recall_figure({ recall }) {
    const missed = recall.spam - recall.caught;

    return figure('Spam found', recall.spam
        ? percent(recall.caught / recall.spam) : 'nothing said yet',
    recall.spam > 0 && [`${count(recall.caught)} of ${count(recall.spam)} ` +
        `that people call spam; ${count(missed)} missed`]);
}

function latency_figure({ latency }) {
    return figure('From received to judged', latency.nr
        ? duration(latency.p50_ms) : 'nothing yet',
    latency.nr > 0 && `half are faster; 1 in 100 takes ${
        duration(latency.p99_ms)} or more`);
}

function work_figure(stats) {
    return figure('Waits for a person', count(stats.waiting),
        `${count_of(stats.inbox, 'comment')} to be judged, ` +
        `${count(stats.outbox)} to be told to the site`);
}

const DAY_MS = 86400000;
const SHORT = 10; // lines of a table that is glanced at

// The server tells of days on which something happened; the others are empty.
function every_day(days, span) {
    const told = new Map(days.map((day) => [day.day, day]));
    const none = { approved: 0, held: 0, spam: 0, false_positives: 0,
        missed_spam: 0 };

    return Array.from({ length: span }, (_, i) => {
        const day = new Date(Date.now() - (span - 1 - i) * DAY_MS)
            .toISOString().slice(0, 10);

        return told.get(day) ?? { ...none, day };
    });
}

function total(rows, name) {
    return rows.reduce((n, row) => n + row[name], 0);
}

function nothing(words) {
    return h('p', { class: 'quiet' }, words);
}

function days_panel(days) {
    const all = (name) => total(days, name);

    return panel('Verdicts a day', true, chart_of({
        title: 'Verdicts a day', stacked: true,
        said: `Verdicts a day: in all ${count(all('approved'))} approved, ` +
            `${count(all('held'))} held, ${count(all('spam'))} spam.`,
        labels: days.map(({ day }) => day.slice(5)),
        sets: [['approved', 'good-fill'], ['held', 'wait-fill'],
            ['spam', 'bad-fill']].map(([name, paint]) => ({ label: name,
            paint, data: days.map((day) => day[name]) })),
    }));
}

function corrections_panel(days) {
    const all = (name) => total(days, name);

    if (all('missed_spam') + all('false_positives') === 0)
        return panel('What people put right', false, nothing(
            'Nobody has found a mark or an approval that was wrong.'));
    return panel('What people put right', false, chart_of({
        title: 'What people put right',
        said: `What people put right: ${all('missed_spam')} times spam ` +
            `that was missed, ${all('false_positives')} times an honest ` +
            'comment that was marked.',
        labels: days.map(({ day }) => day.slice(5)),
        sets: [
            { label: 'missed spam', paint: 'bad-fill',
                data: days.map((day) => day.missed_spam) },
            { label: 'honest, but marked', paint: 'accent',
                data: days.map((day) => day.false_positives) },
        ],
    }));
}

const per_mille = (n) => `${n.toFixed(1)} ‰`;

function promise_panel({ weeks, promise }) {
    const share = ({ marked, honest }) => honest ? 1000 * marked / honest : 0;

    if (weeks.length === 0)
        return panel('Promise against observed', false, nothing(
            'Nobody has said yet what is honest and what is spam.'));
    return panel('Promise against observed', false, chart_of({
        title: 'Honest comments marked as spam, in a thousand',
        said: `Honest comments marked as spam, week by week, of a thousand; ` +
            `promised are ${per_mille(1000 * promise.marked)} at most.`,
        labels: weeks.map(({ week }) => week.slice(5)),
        y: { title: { display: false }, ticks: { precision: 1,
            callback: (n) => per_mille(n) } },
        sets: [
            { label: 'marked', paint: 'bad-fill', show: per_mille,
                data: weeks.map(share) },
            { label: 'promised at most', paint: 'ink', type: 'line',
                show: per_mille, borderDash: [6, 4], borderWidth: 2,
                pointRadius: weeks.length > 1 ? 0 : 6, pointStyle: 'line',
                data: weeks.map(() => 1000 * promise.marked) },
        ],
    }));
}

// What was counted, each leading to the verdicts it was counted in.
function counted(heads, rows) {
    return h('table', { class: 'lines' },
        h('thead', null, h('tr', null, heads.map((head, i) =>
            h('th', { scope: 'col', class: i ? 'number' : null }, head)))),
        h('tbody', null, rows.map(({ words, nr, ...filter }) => h('tr', null,
            h('td', null, h('a', { href: `#/verdicts?${
                new URLSearchParams(filter)}` }, alien(words))),
            h('td', { class: 'number' }, count(nr))))));
}

function hosts_panel({ hosts }, site) {
    return panel('Where spam leads', false, hosts.length
        ? counted(['Host', 'Spam'], hosts.slice(0, SHORT).map(
            ({ name, nr }) => ({ words: name, nr, host: name, site })))
        : nothing('None yet.'));
}

function campaigns_panel({ campaigns }) {
    return panel('Campaigns', false, campaigns.length
        ? h('ul', { class: 'moved' }, campaigns.map((one) => h('li', null,
            h('strong', null, count_of(one.nr, 'copy', 'copies')), ' ',
            h('span', { class: 'quiet' }, 'the last ', age(one.last_ms)),
            h('a', { class: 'c-text', href: `#/comment/${one.id}` },
                alien(one.excerpt || 'no words')))))
        : nothing('No comment came more than once.'));
}

function reasons_panel({ reasons }, site) {
    const top = told_apart(reasons, 'name').slice(0, SHORT);

    return panel('What counted most', false, reasons.length
        ? counted(['Reason', 'Verdicts'], top.map(({ name, words, nr }) =>
            ({ words, nr, reason: name, site })))
        : nothing('Nothing yet.'));
}

// Without the empty buckets at both ends.
function filled(buckets) {
    const full = buckets.map(({ nr }) => nr > 0);

    return buckets.slice(full.indexOf(true), full.lastIndexOf(true) + 1);
}

function latency_panel({ latency }) {
    const buckets = filled(latency.buckets);

    if (latency.nr === 0)
        return null;
    return panel('Latency', false, chart_of({
        title: 'From received to judged',
        said: 'From received to judged: half within ' +
            `${duration(latency.p50_ms)}, 95 % within ${
                duration(latency.p95_ms)}.`,
        labels: buckets.map(({ le_ms }) => le_ms
            ? `≤ ${duration(le_ms)}` : 'longer'),
        sets: [{ label: 'comments', paint: 'accent',
            data: buckets.map(({ nr }) => nr) }],
    }));
}

function span_picker(app) {
    const now = Number(app.params.get('days')) || 30;
    const select = h('select', { 'aria-label': 'Time', on: { change() {
        app.set({ days: select.value });
    } } }, SPANS.map(([days, words]) => h('option',
        { value: days, selected: days === now }, words)));

    return select;
}

async function draw(main, app) {
    const site = the_site(app);
    const span = Number(app.params.get('days')) || 30;
    const stats = await get('stats', { site, days: span });
    const days = every_day(stats.days, span);

    refill(main,
        h('div', { class: 'tools' }, h('h1', null, 'How it is doing'),
            h('div', { class: 'row push' }, site_picker(app, false),
                span_picker(app))),
        h('div', { class: 'figures' }, promise_figure(stats),
            recall_figure(stats), work_figure(stats), latency_figure(stats)),
        h('div', { class: 'panels' }, days_panel(days),
            promise_panel(stats), corrections_panel(days),
            hosts_panel(stats, site), campaigns_panel(stats),
            reasons_panel(stats, site), latency_panel(stats)));
}

export function show(main, app) {
    return { ready: draw(main, app), leave: forget_charts };
}
