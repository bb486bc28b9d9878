// The parts of a comment that several views show.
import { h, alien, icon } from './dom.js';
import { age, count_of, iso, percent, verdict_words, when } from './words.js';

// Dressed so that they are seen, and nothing that could be clicked.
const LINK = /(?:https?:\/\/|www\.)[^\s<>"']+/gi;

const FEW = 4; // reasons that a card has room for
const SCROLLS = 400; // letters that may not fit into a card
const LINE = 40; // letters that fit beside each other on a phone
const FAINT = 0.15; // log-odds too small to be worth a line
const ROOM = 4; // log-odds that fill a bar; hardly any reason weighs more

function with_links(text) {
    const pieces = [];
    let from = 0;

    for (const found of text.matchAll(LINK)) {
        pieces.push(text.slice(from, found.index),
            h('span', { class: 'url' }, found[0]));
        from = found.index + found[0].length;
    }
    return [...pieces, text.slice(from)];
}

function part_of(part, reasons) {
    const reason = reasons[part.reason];

    if (!reason)
        return with_links(part.text);
    return h('mark', { class: reason.weight < 0 ? 'good' : 'bad',
        'data-reason': part.reason, title: reason.words },
    with_links(part.text));
}

// The words of a comment, with the evidence marked where it stands.
export function text_of(item) {
    const all = item.text.map(({ text }) => text).join('');
    const length = all.length + LINE * all.split('\n').length;
    const long = length > SCROLLS; // then it can be reached by keyboard

    return h('div', { class: 'text', dir: 'auto',
        tabindex: long ? '0' : null },
        item.text.map((part) => part_of(part, item.reasons)),
        !item.whole && h('span', { class: 'quiet' },
            ' … only the first words were kept.'),
        item.cut && h('a', { href: `#/comment/${item.id}` },
            ' … and it goes on'));
}

export function time_of(ms) {
    return h('time', { datetime: iso(ms), title: when(ms) }, age(ms));
}

export function host_of(url) {
    return url.replace(/^[a-z]+:\/\//i, '').replace(/[/?#].*/s, '');
}

export function author_of({ author }) {
    return h('span', { class: 'author' },
        alien(author.name || 'no name'),
        author.role && h('span', { class: 'tag' }, alien(author.role)));
}

// Where the author and the comment want to lead a reader. As text.
export function places_of(item) {
    const own = item.author.url &&
        h('li', null, 'web site ', alien(item.author.url, { class: 'url' }));
    const links = item.links.map((link) => h('li', null,
        link.words ? ['“', alien(link.words), '” leads to '] : 'link to ',
        alien(link.url || link.host, { class: 'url' })));

    return (own || links.length > 0) &&
        h('ul', { class: 'places', 'aria-label': 'Where it leads' },
            own, links);
}

function signed(weight) {
    const size = Math.abs(weight).toFixed(1);

    return `${weight < 0 ? '−' : '+'}${size}`;
}

function bar_of(weight) {
    const bar = h('span', { class: weight < 0 ? 'bar-good' : 'bar-bad' });

    bar.style.setProperty('--part',
        String(Math.min(1, Math.max(0.02, Math.abs(weight) / ROOM))));
    return h('span', { class: 'balance', 'aria-hidden': 'true' }, bar);
}

export function reason_of(reason) {
    const rule = reason.weight === 0;

    return h('li', { class: 'reason' },
        h('span', { class: 'why', title: reason.words },
            alien(reason.words)),
        rule ? h('span', { class: 'weight' }, 'rule')
            : [bar_of(reason.weight),
                h('span', { class: 'weight' },
                    h('span', { class: 'unseen' }, reason.weight < 0
                        ? 'for it, ' : 'against it, '),
                    signed(reason.weight))]);
}

// The strongest few; the comment's own page has all of them.
export function reasons_of({ reasons }) {
    const told = reasons.filter(({ weight }, i) => i < FEW &&
        (weight === 0 || Math.abs(weight) >= FAINT));
    const left = reasons.length - told.length;

    if (reasons.length === 0)
        return h('p', { class: 'quiet' }, 'Nothing in it stands out.');
    return [h('ul', { class: 'reasons', 'aria-label': 'Reasons' },
        told.map(reason_of)),
    left > 0 && h('p', { class: 'fainter' },
        `and ${left} that ${left === 1 ? 'weighs' : 'weigh'} less`)];
}

function tick(at) {
    const mark = h('i', { class: 'tick' });

    mark.style.setProperty('--at', String(at));
    return mark;
}

// A probability on a line, with the thresholds it was held against:
// [where, what it means].
function chance(name, p, ticks) {
    const said = ticks.map(([at, words]) => `${words} ${percent(at)}`)
        .join(', ');

    const fill = h('span', { class: `fill fill-${name}` });

    fill.style.setProperty('--part', String(p));
    return h('div', { class: 'chance', title: said || null },
        h('span', { class: 'chance-name' }, name),
        h('span', { class: 'scale', 'aria-hidden': 'true' }, fill,
            ticks.map(([at]) => tick(at))),
        h('span', { class: 'chance-p' }, percent(p)),
        said && h('span', { class: 'unseen' }, `; ${said}`));
}

// `thresholds` may be missing; then the lines have no ticks.
export function chances_of(item, thresholds) {
    return h('div', { class: 'chances' },
        chance('spam', item.p_spam, thresholds
            ? [[thresholds.approve_below, 'approved below'],
                [thresholds.spam_at, 'spam at']] : []),
        chance('abuse', item.p_abuse, thresholds
            ? [[thresholds.abuse_hold_at, 'held at']] : []));
}

export function verdict_of(verdict) {
    return h('span', { class: `verdict verdict-${verdict}` },
        ['approve', 'hold', 'spam'].includes(verdict) && icon(verdict),
        verdict_words(verdict));
}

// Who has the last word on it, where that was not sluice.
export function standing_of({ verdict, standing }) {
    if (standing.by)
        return h('span', { class: 'standing' }, verdict_of(standing.verdict),
            h('span', { class: 'quiet' }, ' by ', alien(standing.by)));
    return standing.verdict !== verdict && verdict_of(standing.verdict);
}

function earlier_one(brief) {
    return h('li', null,
        verdict_of(brief.standing.verdict || brief.verdict), ' ',
        h('a', { href: `#/comment/${brief.id}` },
            alien(brief.excerpt || 'no words')),
        ' ', h('span', { class: 'quiet' }, age(brief.at_ms)));
}

function tally({ approved, held, spam }) {
    return [[approved, 'approved'], [held, 'held'], [spam, 'spam']]
        .filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`).join(', ');
}

export function earlier_of({ earlier }) {
    if (earlier.nr === 0)
        return h('p', { class: 'earlier quiet' },
            'The author\'s first comment here.');
    return h('details', { class: 'earlier' },
        h('summary', null, count_of(earlier.nr, 'earlier comment'), ': ',
            tally(earlier)),
        h('ul', null, earlier.newest.map(earlier_one)));
}

// The comment it answers. It scrolls, so it can be reached by keyboard.
export function parent_of({ parent }) {
    return parent && h('blockquote', { class: 'parent', tabindex: '0' },
        'Answers: ', alien(parent));
}

export function post_of({ post }) {
    return post.title && h('span', { class: 'post' }, 'on ',
        h('cite', null, alien(post.title)));
}
