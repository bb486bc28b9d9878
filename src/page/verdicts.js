// All that was judged: filters are the address, so a view can be sent to a
// colleague; older and newer pages are the browser's own back and forth.
import { h, alien, button, refill } from './dom.js';
import { get } from './api.js';
import { standing_of, time_of, verdict_of } from './card.js';
import {
    count_of, percent, told_apart, VERDICTS, verdict_words,
} from './words.js';

export const title = 'Verdicts';

const FIELDS = ['q', 'author', 'host', 'verdict', 'reason', 'site', 'model',
    'corrected'];

function day_start(text) {
    return new Date(`${text}T00:00`).getTime() || '';
}

// The filters as the server wants them; "until" is the whole day.
function wanted(params) {
    const fields = Object.fromEntries(FIELDS.map((name) =>
        [name, params.get(name) ?? '']));
    const until = day_start(params.get('until'));

    return { ...fields, since_ms: day_start(params.get('since')),
        until_ms: until && until + 86400000 - 1,
        after: params.get('after') ?? '' };
}

function labelled(label, control) {
    return h('label', { class: 'filter' }, h('span', null, label), control);
}

function choice(params, name, label, options) {
    const now = params.get(name) ?? '';

    return labelled(label, h('select', { name },
        h('option', { value: '' }, 'any'),
        options.map(([value, words]) => h('option',
            { value, selected: value === now }, words))));
}

function entry(params, name, label, attributes) {
    return labelled(label, h('input',
        { name, value: params.get(name) ?? '', ...attributes }));
}

function more_filters(params, facets) {
    const names = ['author', 'host', 'reason', 'model', 'site', 'since',
        'until', 'corrected'];
    const used = names.filter((name) => params.get(name)).length;

    return h('details', { class: 'filters-more', open: used > 0 },
        h('summary', null, used ? `Filters (${used})` : 'Filters'),
        h('div', { class: 'filters-grid' },
            entry(params, 'author', 'Author'),
            entry(params, 'host', 'Host', { placeholder: 'shop.example' }),
            choice(params, 'reason', 'Reason',
                told_apart(facets.reasons, 'feature').map((one) =>
                    [one.feature, one.words])),
            choice(params, 'model', 'Model', facets.models.map((one) =>
                [one, one])),
            facets.sites.length > 1 && choice(params, 'site', 'Site',
                facets.sites.map((one) => [one, one])),
            entry(params, 'since', 'From', { type: 'date' }),
            entry(params, 'until', 'To', { type: 'date' }),
            choice(params, 'corrected', 'By a person',
                [['yes', 'changed by one']])));
}

function filters(app, facets) {
    const { params } = app;
    const element = h('form', { class: 'filters', role: 'search',
        on: { submit: apply, change: chosen } },
    entry(params, 'q', 'Search', { type: 'search',
        placeholder: 'words in text, author or hosts' }),
    choice(params, 'verdict', 'Verdict', VERDICTS.map((one) =>
        [one, verdict_words(one)])),
    more_filters(params, facets),
    h('button', { type: 'submit', class: 'main' }, 'Search'));

    // What is typed waits for Enter.
    function chosen(event) {
        if (event.target.matches('select, [type=date]'))
            apply(event);
    }

    function apply(event) {
        event.preventDefault();
        const given = [...new FormData(element)].filter(([, value]) => value);

        app.go('verdicts', Object.fromEntries(given));
    }

    return element;
}

function row_of(brief) {
    const standing = standing_of(brief);

    return h('tr', null,
        h('td', { class: 'c-verdict' }, verdict_of(brief.verdict),
            standing && h('div', { class: 'now' }, '→ ', standing)),
        h('td', { class: 'c-comment' },
            h('a', { href: `#/comment/${brief.id}`, class: 'c-author' },
                alien(brief.author || 'no name')),
            h('span', { class: 'c-text', dir: 'auto' }, brief.excerpt)),
        h('td', { class: 'c-words quiet' }, alien(brief.words)),
        h('td', { class: 'c-p' }, h('span', { class: 'short' }, 'spam '),
            percent(brief.p_spam)),
        h('td', { class: 'c-p' }, h('span', { class: 'short' }, 'abuse '),
            percent(brief.p_abuse)),
        h('td', { class: 'c-age quiet' }, time_of(brief.at_ms)));
}

function table(items) {
    const heads = ['Verdict', 'Comment', 'Because', 'Spam', 'Abuse',
        'Judged'];

    return h('table', { class: 'verdicts' },
        h('caption', { class: 'unseen' }, 'Verdicts, the newest first'),
        h('thead', null, h('tr', null, heads.map((head) =>
            h('th', { scope: 'col' }, head)))),
        h('tbody', null, items.map(row_of)));
}

function pages(app, next) {
    const after = app.params.get('after');

    return h('nav', { class: 'row pages', 'aria-label': 'Pages' },
        after && button('← Newest', () => app.set({ after: '' })),
        next && button('Older →', () => app.set({ after: next })));
}

// A filter that makes no sense is said where the answer would be.
async function fill(list, app) {
    try {
        draw_page(list, app, await get('verdicts', wanted(app.params)));
    } catch (error) {
        if (error.status !== 400)
            throw error;
        refill(list, h('p', { class: 'empty wrong', role: 'alert' },
            error.message));
    }
    list.setAttribute('aria-busy', 'false');
}

function draw_page(list, app, page) {
    refill(list, page.items.length
        ? [h('p', { class: 'unseen', role: 'status' },
            count_of(page.items.length, 'verdict')), table(page.items)]
        : h('p', { class: 'empty', role: 'status' },
            app.params.get('after') ? 'There are no older ones.'
                : 'Nothing fits these filters.'),
    pages(app, page.next));
}

async function draw(main, app) {
    const head = h('h1', { class: 'unseen' }, 'Verdicts');
    const list = h('section', { 'aria-label': 'Found', 'aria-busy': 'true' });
    const facets = get('facets').catch(() =>
        ({ sites: app.session.sites, models: [], reasons: [] }));
    const filled = fill(list, app);

    refill(main, head, filters(app, await facets), list);
    await filled;
}

export function show(main, app) {
    return {
        ready: draw(main, app),
        keys: () => [{ key: '/', does: 'search',
            run: () => main.querySelector('[name=q]')?.focus() }],
    };
}
